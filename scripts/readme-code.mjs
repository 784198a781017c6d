/** Extracts the TypeScript of the documents to `.cache/docs` for the type check. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { repository } from './run.mjs'

const folder = `${repository}/.cache/docs`
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

for (const document of [
  'README.md',
  'docs/calling-apis.md',
  'docs/custom-store.md',
  'docs/embedding.md',
  'docs/every-flow.md',
  'docs/frameworks.md',
  'docs/migrate-from-oidc-client-ts.md',
  'docs/migrate-from-msal.md',
  'docs/node.md',
  'docs/providers.md',
  'docs/request-parameters.md',
  'docs/scopes-and-consent.md',
  'docs/switching.md',
  'docs/traces.md',
  'docs/web-apps.md',
  'docs/windows.md',
  'packages/browser/README.md',
  'packages/msal/README.md',
  'packages/node/README.md',
  'packages/oidc-client/README.md',
  'packages/solid/README.md',
  'packages/svelte/README.md',
  'packages/vue/README.md',
]) {
  const text = readFileSync(`${repository}/${document}`, 'utf8')
  const blocks = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code)
  if (blocks.length === 0) throw new Error(`${document} shows no code.`)
  for (const [index, code] of blocks.entries()) {
    const name = document.replace(/\W+/g, '-').toLowerCase()
    writeFileSync(`${folder}/${name}-${index + 1}.ts`, code)
  }
}
