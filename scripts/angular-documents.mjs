/** Checks the Angular code of the documents by the compiler of Angular, which reads templates too. It needs the built packages. */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { codeOf, isOfAngular } from './document-code.mjs'
import { repository, run } from './run.mjs'

const folder = `${repository}/.cache/angular-documents`
const example = `${repository}/examples/angular-app`
const GUIDE = 'docs/frameworks.md'

const files = readdirSync(`${example}/src`).filter((name) => name.endsWith('.ts'))
const ofExample = files.map((name) => readFileSync(`${example}/src/${name}`, 'utf8'))

// The build of the example checks its own code.
const blocks = codeOf([GUIDE, 'packages/angular/README.md']).filter(({ code }) => isOfAngular(code))
const others = blocks.filter(({ code }) => !ofExample.includes(code))
if (others.length !== blocks.length - 2)
  throw new Error(`${GUIDE} does not show app.ts and main.ts of ${example} as they are.`)

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const { name, code } of others) writeFileSync(`${folder}/${name}`, code)
// The repository itself has another version of Angular.
symlinkSync(`${example}/node_modules`, `${folder}/node_modules`)
const config = {
  extends: `${example}/tsconfig.json`,
  compilerOptions: { noEmit: true },
  files: others.map(({ name }) => name),
}
writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(config))
const compiler = `${example}/node_modules/@angular/compiler-cli/bundles/src/bin/ngc.js`
process.exit(run('node', [compiler, '-p', `${folder}/tsconfig.json`]) ? 0 : 1)
