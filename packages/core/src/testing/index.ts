/** For tests of what is built on @carnet/core. */
export { allTextOf } from './all-text-of.ts'
export { createFakeEntra, type FakeEntraPerson } from './fake-entra.ts'
export { createFakePlatform } from './fake-platform.ts'
export { base64url, createFakeProvider, type FakeProvider, jsonResponse } from './fake-provider.ts'
export { recordStoreContract, type StoreCase } from './record-store-contract.ts'
