/** Sessions of web apps, and a backend for frontend (BFF). */
export type { ResourceRule, ResourceRules } from '@carnet/core/resources'
export type {
  Bff,
  BffOptions,
  BffPaths,
  SessionOptions,
  Sessions,
  WebSession,
} from './api/session.ts'
export { createBff } from './session/bff.ts'
export { createSessions } from './session/sessions.ts'
