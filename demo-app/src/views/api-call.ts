import { type AuthenticationResult, isAuthError, isInteractionRequired } from '@carnet/browser'
import type { PlanStatus } from '../consent-plans.ts'
import { element } from '../element.ts'
import { repeatableButton } from './button.ts'
import { errorNotice } from './error-notice.ts'
import { createPermission } from './permission.ts'

export interface ApiCallOptions {
  readonly scope: string
  /** A token for the scope: silently where possible, else by way of the provider. */
  readonly acquire: () => Promise<AuthenticationResult>
  /** The same by way of the provider, in the click: so what was declined is asked for again. */
  readonly insist: () => Promise<AuthenticationResult>
  /** Where the scope stands by the ledger, once the user has answered. */
  readonly standing: () => Promise<PlanStatus | undefined>
  /** Calls the API, and returns what there is to show. */
  readonly call: (accessToken: string) => Promise<HTMLElement>
}

/** A call that needs a token of its own, and asks for it when it is wanted. */
export function createApiCall(options: ApiCallOptions) {
  const { scope, acquire, insist, standing, call } = options
  const content = element('div', { class: 'content' })
  const permission = createPermission(scope, () => show(insist))

  /** @param again Gets the same in a click of its own, where the first one did not open a window. */
  async function show(
    getResult: () => Promise<AuthenticationResult>,
    again = getResult,
  ): Promise<void> {
    content.setAttribute('aria-busy', 'true')
    try {
      const result = await getResult()
      // A provider may answer with a token for less: it is of no use here.
      if (!(await goesOnWithout())) content.replaceChildren(await call(result.accessToken))
    } catch (error) {
      if (!(isDecline(error) && (await goesOnWithout())))
        content.replaceChildren(errorNotice(error, ...remedy(error, again)))
    } finally {
      content.removeAttribute('aria-busy')
    }
  }

  /** Says that the user declined the scope, where that is so: the page goes on without it. */
  async function goesOnWithout(): Promise<boolean> {
    if ((await standing()) !== 'declined') return false
    permission.update('declined')
    content.replaceChildren()
    return true
  }

  const remedy = (error: unknown, again: () => Promise<AuthenticationResult>) =>
    isAuthError(error, 'popup_blocked')
      ? [repeatableButton('Open the window', () => show(again))]
      : []

  return {
    permission: permission.element,
    content,
    updatePlan: permission.update,
    /** For the click. What was declined is not asked for: that is said instead. */
    async run(): Promise<void> {
      if (permission.isDeclined()) permission.pointOut()
      else await show(acquire, insist)
    },
    /** Goes on with the answer that the user just came back with: the token is in hand already. */
    goOnWith: (result: AuthenticationResult): Promise<void> => show(async () => result),
  }
}

/** Some providers let the user decline a page as a whole, and answer with an error. */
const isDecline = (error: unknown) =>
  isAuthError(error, 'access_denied') ||
  (isInteractionRequired(error) && error.reason === 'consent')
