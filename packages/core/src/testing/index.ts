/** Tests for a `RecordStore` of an app. */
export { recordStoreContract, type StoreCase } from './record-store-contract.ts'
