/** Writes the list of error codes, to which the hints of production builds link. Run it after a build. */
import { writeFileSync } from 'node:fs'
import { errorHints } from '../packages/core/dist/errors/error-hints.js'
import { repository } from './run.mjs'

const entries = Object.entries(errorHints).map(([code, hint]) => `## ${code}\n\n${hint}\n`)
const text = `# Error codes

Every rejection is an \`AuthError\` with one of these codes. In development builds, \`hint\` is the text below; in
production builds, \`hint\` names this file. \`error.isTransient\` is true if the same call may succeed later.

${entries.join('\n')}`
writeFileSync(`${repository}/packages/core/errors.md`, text)
