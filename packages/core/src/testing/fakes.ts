/** Fakes for the tests of this repository. The published packages do not contain these files. */
export { allTextOf } from './all-text-of.ts'
export { accountFromClaims, DIALECTS, entraAccountFromClaims } from './dialects.ts'
export { createFakeEntra } from './fake-entra.ts'
export { createFakePlatform } from './fake-platform.ts'
export { base64url, createFakeProvider, type FakeProvider, jsonResponse } from './fake-provider.ts'
export {
  PAGE_ORIGIN,
  RESOURCE_URLS,
  type ResourceUrlCase,
  TABLE_RESOURCES,
} from './resource-urls.ts'
