export { type BlobStoreOptions, blobStore, type VersionedBlob } from './stores/blob-store.ts'
export type { SharedStore, StoreNews } from './stores/shared-store.ts'
