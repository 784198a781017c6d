import type { AuthClient } from '../api/auth-client.ts'
import { createAuth, type RedirectOutcome } from './create-auth.ts'
import type { Engine } from './engine-api.ts'
import { type ClientParts, createEngineLoader, type EngineLoader } from './engine-loader.ts'
import type { StartContext } from './start-context.ts'
import { createTabChanges, type TabChanges } from './tab-changes.ts'

/** A client of a page. */
export interface Client {
  readonly auth: AuthClient
  /** Returns the engine, and loads it at the first call. */
  engine(): Promise<Engine>
  /** Applies a change of another tab. */
  applyChange: TabChanges['apply']
  /** Returns the client to the app, and schedules the prefetch of the engine. */
  expose(outcome: RedirectOutcome): AuthClient
}

/** Creates a client. The engine loads at its first need. */
export function createClient(context: StartContext, parts: ClientParts): Client {
  const loader = createEngineLoader(context, parts)
  const { apply, applying } = createTabChanges(context, loader)
  let redirect: RedirectOutcome = {}
  const auth = createAuth(context, loader, applying, () => redirect)
  return {
    auth,
    engine: loader.start,
    applyChange: apply,
    expose(outcome) {
      redirect = outcome
      context.snapshots.note({ error: outcome.error ?? null })
      prefetch(context, loader)
      return auth
    },
  }
}

/** Loads the engine in advance: at once if nobody is signed in, otherwise when the page is idle. */
function prefetch({ accounts, config, page }: StartContext, { callEngine }: EngineLoader): void {
  const fetchParts = () =>
    callEngine((engine) => engine.prefetch()).catch((error) =>
      config.log('info', `The prefetch failed: ${error}`),
    )
  if (accounts.list().length > 0) page.whenIdle(fetchParts)
  else {
    // Most apps redirect to the provider as soon as they know that no user is signed in.
    page.preconnect(config.authority)
    // The sign-in loads beside the engine.
    import('../flows/interaction/create-flows.ts').catch(() => undefined)
    void fetchParts()
  }
}
