import type { Account, AuthClient, ConsentPlan } from '@carnet/browser'
import { createFollowing } from '../ui/following.ts'
import { createLatest } from '../ui/latest.ts'
import type { Ticker } from '../ui/ticker.ts'

/** The interval of checks for a cached token, because its expiry fires no event. */
const LOOK_EVERY_TICKS = 5

export type PlanStatus = ConsentPlan['status']

/** Predicts how a token for the scope can be acquired. It sends no request. */
export async function planFor(
  auth: AuthClient,
  account: Account,
  scope: string,
): Promise<PlanStatus | undefined> {
  const [plan] = await auth.consent.plan([scope], { account })
  return plan?.status
}

/** Keeps the plan of each scope up to date. */
export function createPlans(deps: {
  auth: AuthClient
  account: Account
  ticker: Ticker
  /** The listeners for changed plans, by scope. */
  listeners: ReadonlyMap<string, (status: PlanStatus) => void>
}) {
  const { auth, account, ticker, listeners } = deps
  let ticks = 0
  const looking = createFollowing(ticker, () => {
    ticks += 1
    if (ticks % LOOK_EVERY_TICKS === 0) refresh()
  })

  const read = () =>
    Promise.all(
      [...listeners.keys()].map(async (scope) => ({
        scope,
        status: await planFor(auth, account, scope),
      })),
    )

  const refresh = createLatest(read, (answers) => {
    for (const { scope, status } of answers) if (status) listeners.get(scope)?.(status)
    looking.needed(answers.some(({ status }) => status === 'cached'))
  })
  refresh()

  return {
    refresh,
    close(): void {
      refresh.close()
      looking.needed(false)
    },
  }
}
