/** Extracts the TypeScript of the documents to `.cache/docs` for the type check. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { codeOf, isOfAngular } from './document-code.mjs'
import { repository } from './run.mjs'

const folder = `${repository}/.cache/docs`
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

const blocks = codeOf([
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
])
for (const { name, code } of blocks)
  if (!isOfAngular(code)) writeFileSync(`${folder}/${name}`, code)
