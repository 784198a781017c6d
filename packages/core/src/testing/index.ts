/** For tests of what is built on @carnet/core. */
export { allTextOf } from './all-text-of.ts'
export { createFakeEntra, type FakeEntraPerson } from './fake-entra.ts'
export { createFakePlatform } from './fake-platform.ts'
export { createFakeProvider, type FakeProvider, jsonResponse } from './fake-provider.ts'
