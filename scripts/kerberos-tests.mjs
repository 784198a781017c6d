/**
 * Installs Kerberos if it is missing, and runs the tests with it. Without Kerberos, it succeeds and writes no report. Its arguments
 * are those of Vitest.
 */
import { ensureKerberos } from './kerberos.mjs'
import { tool } from './run.mjs'

const isMissing = !ensureKerberos()
process.exit(isMissing || tool('vitest', process.argv.slice(2)) ? 0 : 1)
