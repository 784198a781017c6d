/** How the scopes of Entra are read, for those who need no more of it before their first token. */
export { entraDialect } from './scopes/entra-dialect.ts'
