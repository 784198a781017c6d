/** The dialect of Auth0, for clients of its authorities. */
export { auth0Dialect } from './dialects/auth0/auth0-dialect.ts'
