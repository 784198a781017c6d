/** What every page of the bench does, whichever library it is of. */
import type { Adapter } from './adapter.ts'
import type { FirstAccesses } from './first-accesses.ts'
import type { Physics } from './physics.ts'
import { atOnce, isManual } from './setting.ts'
import { startedMs } from './started.ts'
import type { WarmHits } from './warm-hits.ts'

/** How a page load went, in milliseconds since the navigation. */
export interface Load {
  readonly startedMs: number
  readonly readyMs: number
  /** When the first token was there; nothing where nobody is signed in. */
  readonly tokenMs: number | undefined
  readonly signedIn: boolean
  /** From the click to the token, where this load completed a sign-in by redirect. */
  readonly signInMs: number | undefined
}

/** What the bench asks of a page. */
export interface Bench {
  readonly adapter: Adapter
  readonly loaded: Promise<Load>
  /** From the click to the token, in milliseconds; of the sign-in by popup that is under way. */
  signingIn: Promise<number> | undefined
  measureWarmHits(calls: number): Promise<WarmHits>
  /** The median of each ordinary call, in microseconds, by its name. */
  measureOrdinaryCalls(calls: number): Promise<Readonly<Record<string, number>>>
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

/** Comparable between the documents of one tab. */
const wallClockMs = () => performance.timeOrigin + performance.now()

function onClick(id: string, act: () => void): void {
  document.getElementById(id)?.addEventListener('click', act)
}
