/** For tests of stores that are written for Carnet. */
export { recordStoreContract, type StoreCase } from './record-store-contract.ts'
