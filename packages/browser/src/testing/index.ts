/** Helpers for tests of apps that use Carnet. */
export { type SeedOptions, type SeedToken, seedSession } from './seed-session.ts'
export { createTestClient, type TestClientOptions, type TestUser } from './test-client.ts'
