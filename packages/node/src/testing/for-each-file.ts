import { afterAll, beforeAll, beforeEach } from 'vitest'

/** A provider of a test. */
interface Started {
  readonly idp: { readonly control: { reset(): Promise<unknown> }; close(): Promise<unknown> }
}

/** Starts a provider for all tests of a file, and resets it before each test. The result works inside of tests only. */
export function forEachFile<T extends Started>(start: () => Promise<T>): T {
  let started: T | undefined
  beforeAll(async () => {
    started = await start()
  })
  beforeEach(() => started?.idp.control.reset())
  afterAll(() => started?.idp.close())
  return new Proxy({} as T, { get: (_, name) => Reflect.get(started ?? {}, name) })
}
