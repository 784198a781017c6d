/** For tests of what is built on @carnet/core. */
export { createFakePlatform } from './fake-platform.ts'
