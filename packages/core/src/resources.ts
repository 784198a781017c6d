/** The part of core for calls of APIs: the map of URLs, and the challenges of APIs. */
export { type ApiChallenge, readApiChallenge } from './resources/api-challenge.ts'
export { findResource, type NoTokenReason, type ResourceMatch } from './resources/find-resource.ts'
export {
  parseResources,
  type ResourceRule,
  type ResourceRules,
} from './resources/resource-map.ts'
export {
  LONGEST_RESOURCE_METADATA,
  type ResourceMetadata,
  readResourceMetadata,
} from './resources/resource-metadata.ts'
