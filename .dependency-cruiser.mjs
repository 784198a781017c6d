/**
 * The rules between folders. `npm run lint` checks them, and `npm run graph` prints the folders with their imports.
 * `ARCHITECTURE.md` explains them.
 */

/** Folders of `packages/browser/src`, from the lowest to the highest. A folder imports from lower folders only. */
const BROWSER = [
  ['api'],
  ['startup'],
  ['platform', 'tabs'],
  ['checks', 'storage', 'worker'],
  ['dpop'],
  ['context'],
  ['flows/authorization'],
  ['flows/response'],
  ['flows/relay'],
  ['flows/iframe', 'flows/popup', 'flows/redirect'],
  ['flows/interaction'],
  ['flows/sign-out'],
  ['tokens'],
  ['engine'],
  ['bindings'],
  ['fetch', 'adapters'],
  ['migration/msal', 'migration/oidc-client', 'migration'],
]

/** Folders of `packages/core/src`, from the lowest to the highest. The entries of the package lie above them. */
const CORE = [
  ['encoding', 'platform'],
  ['records'],
  ['parameters'],
  ['accounts'],
  ['errors'],
  ['scopes', 'trace'],
  ['dialects'],
  ['tokens', 'discovery', 'migration'],
  ['consent', 'protocol'],
  ['dpop', 'renewal', 'worker', 'resources'],
]

/** Folders of `packages/node/src`, from the lowest to the highest. */
const NODE = [
  ['credentials', 'stores'],
  ['managed-identity'],
  ['cache'],
  ['api'],
  ['context'],
  ['tokens'],
  ['authorization'],
  ['web', 'interactive'],
  ['session', 'legacy', 'windows'],
  ['client'],
]

/** Folders of `packages/oidc-client/src`, from the lowest to the highest. */
const OIDC_CLIENT = [['values'], ['carnet'], ['flows']]
/** Folders of `packages/msal/src`, from the lowest to the highest. */
const MSAL = [
  ['names'],
  ['errors', 'events', 'page'],
  ['config'],
  ['accounts'],
  ['context'],
  ['requests', 'results'],
  ['calls'],
  ['client'],
]

/** The packages on the public interface of browser. */
const ON_BROWSER = 'msal|oidc-client|react|vue|svelte|solid|angular'

const foldersOf = (source, names) => `^packages/${source}/src/(${names.join('|')})/`

/** One rule per floor: no static import, of a value or a type, from a higher floor. */
const upwards = (source, floors) =>
  floors
    .map((names, floor) => ({
      name: `${source}-${names.join('-').replaceAll('/', '-')}-imports-lower-folders`,
      severity: 'error',
      from: { path: foldersOf(source, names), pathNot: '\\.test\\.ts$' },
      to: {
        path: foldersOf(
          source,
          floors
            .slice(floor + 1)
            .flat()
            .concat('testing'),
        ),
        dependencyTypesNot: ['dynamic-import'],
      },
    }))
    .slice(0, -1)

/** The entries of `packages/core` at the root of its sources: no folder imports one. */
const entriesOfCore = {
  name: 'core-folders-import-no-entry',
  severity: 'error',
  from: { path: '^packages/core/src/[^/]+/', pathNot: '\\.test\\.ts$' },
  to: { path: '^packages/core/src/[^/]+\\.ts$' },
}

export default {
  forbidden: [
    ...upwards('browser', BROWSER),
    ...upwards('core', CORE),
    ...upwards('node', NODE),
    ...upwards('oidc-client', OIDC_CLIENT),
    ...upwards('msal', MSAL),
    entriesOfCore,
    {
      name: 'first-chunk-holds-startup-only',
      comment:
        'The first chunk of a page has the files of `startup/`, and of the entry `base` of core.',
      severity: 'error',
      from: { path: '^packages/browser/src/(startup/|index\\.ts)', pathNot: '\\.test\\.ts$' },
      to: {
        pathNot: '^packages/(browser/src/startup/|core/src/(base|scopes)\\.ts$)',
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    },
    {
      name: 'no-cycle-between-files',
      severity: 'error',
      from: { pathNot: '\\.test\\.ts$' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['dynamic-import', 'type-only'] } },
    },
    {
      name: 'no-cycle-between-folders',
      severity: 'error',
      scope: 'folder',
      from: { path: `^(packages/(browser|core|idp|node|${ON_BROWSER})|demo-app|bench)/` },
      to: { circular: true },
    },
    {
      name: 'folders-do-not-import-their-parent',
      comment:
        'The files above the folders connect the folders. A folder that imports them would close a cycle.',
      severity: 'error',
      from: { path: '^(demo-app/src|bench|e2e/steps)/', pathNot: '^(demo-app/src|bench)/[^/]+$' },
      to: { path: '^(demo-app/src|bench|e2e)/[^/]+$' },
    },
    {
      name: 'packages-import-one-way',
      comment:
        'browser, node, idp -> core; msal, oidc-client, bindings -> browser. No package imports another by its path.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/', pathNot: `^packages/(${ON_BROWSER})/` },
      to: { path: '^packages/([^/]+)/', pathNot: ['^packages/$1/', '^packages/core/'] },
    },
    {
      name: 'drop-ins-and-bindings-import-the-browser-package-only',
      severity: 'error',
      from: { path: `^packages/(${ON_BROWSER})/` },
      to: { path: '^packages/', pathNot: ['^packages/($1|browser)/'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/dist/', '\\.test\\.ts$', '/testing/'], dynamic: true },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@carnet/source', 'import'],
    },
  },
}
