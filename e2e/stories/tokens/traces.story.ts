import type { AuthenticationResult, TraceStep } from '@carnet/browser'
import type { App } from '../../steps/app.ts'
import { allowAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const SCOPES = ['calendar.read']
const OPTIONS = { silent: { iframe: false } }
const HOUR_MS = 3_600_000
const STEPS = ['memory', 'store', 'flight', 'lock', 'refresh', 'iframe', 'interaction']
const OUTCOMES = ['hit', 'miss', 'joined', 'done', 'failed']
const WITHOUT_TOKEN = ['memory miss', 'store miss', 'lock done', 'store miss']

interface Traced {
  readonly trace: readonly TraceStep[]
  /** The result or error as logs and reports show it. */
  readonly logged: string
  readonly isFrozen: boolean
}

declare global {
  interface Window {
    traced(told: AuthenticationResult | Error): Traced
    opening: Promise<Traced>
  }
}

/** Alice has a token, and the page reads traces. */
async function startsWithToken(app: App): Promise<void> {
  await app.page.addInitScript(() => {
    window.traced = (told) => ({
      trace: (told as AuthenticationResult).trace,
      logged: Object.keys(told).join(' ') + JSON.stringify(told),
      isFrozen: Object.isFrozen(told),
    })
  })
  await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', OPTIONS)
}

/** The steps in words. Each has a duration, and nothing else. */
function wordsOf({ trace, logged }: Traced): string[] {
  expect(logged).not.toContain('trace')
  return trace.map(({ step, outcome, ms, names = [], ...rest }) => {
    expect(ms).toBeGreaterThanOrEqual(0)
    expect(rest).toEqual({})
    const words = `${STEPS[step]} ${OUTCOMES[outcome]}`
    expect([words, '']).toContain(names.join(' '))
    return words
  })
}

/** Asks for a token silently, and reads the trace of the result or error. */
const asks = ({ page }: App, request: object = {}) =>
  page.evaluate(
    async (asked) => {
      const told = await window.auth.acquireTokenSilent(asked).catch((error) => error)
      return window.traced(told)
    },
    { scopes: SCOPES, ...request },
  )

story(
  'A trace distinguishes a redirect, a first read, warm hits and a refresh',
  async ({ app }) => {
    await startsWithToken(app)
    const returned = await app.page.evaluate(() =>
      window.auth.redirectResult ? window.traced(window.auth.redirectResult) : undefined,
    )
    expect(returned && wordsOf(returned)).toEqual(['interaction done'])
    expect(returned?.trace[0]?.ms).toBeGreaterThan(0)

    await app.page.reload()
    await app.starts(OPTIONS)
    expect(wordsOf(await asks(app))).toEqual(['memory miss', 'store hit'])
    const held = await asks(app)
    expect(wordsOf(held)).toEqual(['memory hit'])
    expect(held.isFrozen).toBe(true)
    const isSame = await app.page.evaluate(async (scopes) => {
      const ask = () => window.auth.acquireTokenSilent({ scopes })
      const first = await ask()
      return first === (await ask())
    }, SCOPES)
    expect(isSame).toBe(true)

    const renewed = await asks(app, { forceRefresh: true })
    expect(wordsOf(renewed)).toEqual([...WITHOUT_TOKEN, 'refresh done', 'flight done'])
    expect(renewed.trace.at(-1)?.ms).toBeGreaterThan(0)
  },
)

story('Calls that share a failed refresh get its steps with the error', async ({ app }) => {
  await startsWithToken(app)
  await app.jumps(HOUR_MS)
  await app.idp.control.addFault({ endpoint: 'token', fault: { kind: 'reset' } })
  const failures = await Promise.all([asks(app), asks(app)])
  for (const failure of failures) {
    expect(wordsOf(failure)).toEqual([...WITHOUT_TOKEN, 'refresh failed', 'flight failed'])
    const told = JSON.stringify(failure.trace)
    for (const secret of ['calendar', 'alice', app.idp.issuer]) expect(told).not.toContain(secret)
  }
})

story('The trace of a call that asks the user begins with its silent steps', async ({ app }) => {
  await startsWithToken(app)
  await app.idp.control.changeSettings({ consent: 'ask' })
  const opening = app.page.waitForEvent('popup')
  await app.page.evaluate(() => {
    const request = { scopes: ['mail.read'], interaction: 'popup' as const }
    window.opening = window.auth.acquireToken(request).then(window.traced, window.traced)
  })
  await allowAtProvider(await opening)
  const words = wordsOf(await app.page.evaluate(() => window.opening))
  const silent = [...WITHOUT_TOKEN, 'refresh failed', 'flight failed']
  expect(words).toEqual([...silent, 'interaction done'])
})
