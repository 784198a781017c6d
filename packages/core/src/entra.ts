/** The dialect of Microsoft Entra ID, for clients of its authorities. */
export { entraDialect as dialect } from './dialects/entra/entra-dialect.ts'
