/** What is compared, by the names of the folders in `bench/pages`. */
export const libraries = ['carnet', 'msal-browser', 'oidc-client-ts', 'floor'] as const

export type Library = (typeof libraries)[number]

/** How they are called where people read. */
export const packageOf: Readonly<Record<Library, string>> = {
  carnet: '@carnet/browser',
  'msal-browser': '@azure/msal-browser',
  'oidc-client-ts': 'oidc-client-ts',
  floor: 'the floor',
}
