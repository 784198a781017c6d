import { AuthError } from '@carnet/core/base'
import type { Engine } from './engine-api.ts'
import { loaded } from './page/loaded.ts'
import type { StartContext } from './start-context.ts'

/** The actions of a client that its page defines. */
export interface ClientParts {
  /** Loads the engine. */
  load: () => Promise<Engine>
  /** Called once, when the client has ended. */
  close: () => void
}

/** Loads the engine of a client at the first need, and ends it with the client. */
export interface EngineLoader {
  /** The engine, if it is loaded. */
  engine(): Engine | undefined
  /** Returns the engine, and loads it at the first call. */
  start(): Promise<Engine>
  /** Passes a call to the engine; synchronously if it is loaded. */
  callEngine<T>(call: (engine: Engine) => Promise<T>): Promise<T>
  /** Notes that the cache returned a token. */
  used: Engine['used']
  isClosed(): boolean
  /** @throws AuthError `client_closed` */
  assertOpen(): void
  close(): void
}

export function createEngineLoader(
  { events, channel, first }: StartContext,
  parts: ClientParts,
): EngineLoader {
  let loading: Promise<Engine> | undefined
  let engine: Engine | undefined
  let isClosed = false
  /** The tokens that were returned before the engine was loaded. */
  const used = new Map<Parameters<Engine['used']>[1], Parameters<Engine['used']>[0]>()

  function start(): Promise<Engine> {
    loading ??= loaded(parts.load()).then(
      (there) => {
        engine = there
        for (const [record, query] of used) there.used(query, record)
        // Calls that were made before go first.
        if (isClosed) setTimeout(endWhenLoaded)
        return there
      },
      (error) => {
        loading = undefined // The next call tries again.
        if (isClosed) end()
        throw error
      },
    )
    return loading
  }

  /** Ends when the parts for earlier calls have loaded: these calls go on. */
  function endWhenLoaded(): void {
    const pending = engine?.pending()
    if (pending) void pending.then(() => setTimeout(end))
    else end()
  }

  function end(): void {
    parts.close()
    if (engine) engine.close()
    else {
      channel.close()
      first?.opening.then((database) => database.close()).catch(() => undefined)
    }
  }

  function assertOpen(): void {
    if (isClosed) throw new AuthError('client_closed', 'The client was closed.')
  }

  return {
    engine: () => engine,
    start,
    async callEngine(call) {
      assertOpen()
      return call(engine ?? (await start()))
    },
    used: (query, record) => (engine ? engine.used(query, record) : void used.set(record, query)),
    isClosed: () => isClosed,
    assertOpen,
    close() {
      if (isClosed) return
      isClosed = true
      events.clear()
      if (engine || !loading) endWhenLoaded() // An engine that is on its way closes when it is there.
    },
  }
}
