/** The common code of all pages of the bench. */
import type { Adapter } from './adapter.ts'
import type { FirstAccesses } from './first-accesses.ts'
import type { Physics } from './physics.ts'
import { atOnce, isManual } from './setting.ts'
import { startedMs } from './started.ts'
import type { WarmHits } from './warm-hits.ts'

/** The times of a page load, in milliseconds since the navigation. */
export interface Load {
  readonly startedMs: number
  readonly readyMs: number
  /** The time of the first token. Undefined if no account is signed in. */
  readonly tokenMs: number | undefined
  readonly signedIn: boolean
  /** The time from the click to the token, if this load completed a sign-in by redirect. */
  readonly signInMs: number | undefined
}

/** The functions of a page for the bench. */
export interface Bench {
  readonly adapter: Adapter
  readonly loaded: Promise<Load>
  /** The time of the current sign-in by popup, from the click to the token, in milliseconds. */
  signingIn: Promise<number> | undefined
  measureWarmHits(calls: number): Promise<WarmHits>
  /** The median of each ordinary call, in microseconds, by its name. */
  measureOrdinaryCalls(calls: number): Promise<Readonly<Record<string, number>>>
  /** The median of a call of an API beyond the bare `fetch`, in microseconds. */
  measureApiCalls(calls: number): Promise<number>
  measurePhysics(): Promise<Physics>
  measureFirstAccesses(count: number): Promise<FirstAccesses>
}

declare global {
  interface Window {
    bench: Bench
  }
}

const CLICKED = 'bench.clickedAtMs'

/** Starts the app of a page. */
export function startPage(adapter: Adapter): void {
  window.bench = {
    adapter,
    loaded: load(adapter),
    signingIn: undefined,
    measureWarmHits: async (calls) =>
      (await import('./warm-hits.ts')).measureWarmHits(adapter.silent, calls),
    measureOrdinaryCalls: async (calls) =>
      (await import('./warm-hits.ts')).measureOrdinaryCalls(adapter.ordinaryCalls?.() ?? {}, calls),
    async measureApiCalls(calls) {
      const { measureOrdinaryCalls } = await import('./warm-hits.ts')
      const { authorized = Number.NaN, bare = 0 } = await measureOrdinaryCalls(
        adapter.apiCalls?.() ?? {},
        calls,
      )
      return authorized - bare
    },
    measureFirstAccesses: async (count) =>
      (await import('./first-accesses.ts')).measureFirstAccesses(
        adapter.silentFor ?? adapter.silent,
        count,
      ),
    measurePhysics: async () => (await import('./physics.ts')).measurePhysics(),
  }
  const signIns: Record<string, () => void> = {
    redirect() {
      sessionStorage.setItem(CLICKED, String(wallClockMs()))
      void adapter.signInRedirect()
    },
    popup() {
      const clickedMs = performance.now()
      window.bench.signingIn = adapter.signInPopup().then(() => performance.now() - clickedMs)
    },
  }
  for (const [id, signIn] of Object.entries(signIns)) onClick(id, signIn)
  void window.bench.loaded.then(({ signedIn }) => {
    if (atOnce !== null && !signedIn) signIns[atOnce]?.()
  })
}

async function load(adapter: Adapter): Promise<Load> {
  const { signedIn, accessToken } = await adapter.ready()
  const readyMs = performance.now()
  performance.mark('bench.ready')
  const clickedAtMs = Number(sessionStorage.getItem(CLICKED))
  const signInMs = accessToken === undefined ? undefined : wallClockMs() - clickedAtMs
  let tokenMs = accessToken === undefined ? undefined : readyMs
  if (signedIn && accessToken === undefined && !isManual) {
    await adapter.silent()
    tokenMs = performance.now()
    performance.mark('bench.token')
  }
  return { startedMs, readyMs, tokenMs, signedIn, signInMs }
}

/** A clock that is comparable between the documents of one tab. */
const wallClockMs = () => performance.timeOrigin + performance.now()

function onClick(id: string, act: () => void): void {
  document.getElementById(id)?.addEventListener('click', act)
}
