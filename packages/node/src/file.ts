export { type FileStoreOptions, fileStore } from './stores/file-store.ts'
export type { SharedStore, StoreNews } from './stores/shared-store.ts'
