/** The dialect of Auth0, for clients of its authorities. */
export { auth0Dialect as dialect } from './dialects/auth0/auth0-dialect.ts'
