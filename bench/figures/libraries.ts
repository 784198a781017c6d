/** The compared libraries, by the folder names in `bench/pages`. */
export const libraries = ['carnet', 'msal-browser', 'oidc-client-ts', 'floor'] as const

export type Library = (typeof libraries)[number]

/** The display names of the libraries. */
export const packageOf: Readonly<Record<Library, string>> = {
  carnet: '@carnet/browser',
  'msal-browser': '@azure/msal-browser',
  'oidc-client-ts': 'oidc-client-ts',
  floor: 'the floor',
}
