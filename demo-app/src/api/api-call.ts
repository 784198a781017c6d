import { type AuthenticationResult, isAuthError, isInteractionRequired } from '@carnet/browser'
import type { PlanStatus } from '../consent/consent-plans.ts'
import { repeatableButton } from '../ui/button.ts'
import { element } from '../ui/element.ts'
import { errorNotice } from '../ui/error-notice.ts'
import { createPermission } from './permission.ts'

export interface ApiCallOptions {
  readonly scope: string
  /** Acquires a token for the scope: silently if possible, otherwise with interaction. */
  readonly acquire: () => Promise<AuthenticationResult>
  /** Acquires the token with interaction, so that the provider asks again for a declined scope. */
  readonly insist: () => Promise<AuthenticationResult>
  /** The plan of the scope after the interaction. */
  readonly standing: () => Promise<PlanStatus | undefined>
  /** Calls the API, and returns the content for the page. */
  readonly call: () => Promise<HTMLElement>
}

/** An API call that acquires its own token when the user requests it. */
export function createApiCall(options: ApiCallOptions) {
  const { scope, acquire, insist, standing, call } = options
  const content = element('div', { class: 'content' })
  const permission = createPermission(scope, () => show(insist))

  /** @param again Repeats the request in a new click, if the browser blocked the popup of the first click. */
  async function show(
    getResult: () => Promise<AuthenticationResult>,
    again = getResult,
  ): Promise<void> {
    content.setAttribute('aria-busy', 'true')
    try {
      await getResult()
      // A provider may issue a token without the scope, which the API would refuse.
      if (!(await goesOnWithout())) content.replaceChildren(await call())
    } catch (error) {
      if (!(isDecline(error) && (await goesOnWithout())))
        content.replaceChildren(errorNotice(error, ...remedy(error, again)))
    } finally {
      content.removeAttribute('aria-busy')
    }
  }

  /** Shows the note about a declined scope. @returns False if the user did not decline the scope. */
  async function goesOnWithout(): Promise<boolean> {
    if ((await standing()) !== 'declined') return false
    permission.update('declined')
    content.replaceChildren()
    return true
  }

  const remedy = (error: unknown, again: () => Promise<AuthenticationResult>) =>
    isAuthError(error, 'popup_blocked')
      ? [repeatableButton('Open the popup', () => show(again))]
      : []

  return {
    permission: permission.element,
    content,
    updatePlan: permission.update,
    /** Handles the click. For a declined scope, it shows the note instead of a new request. */
    async run(): Promise<void> {
      if (permission.isDeclined()) permission.pointOut()
      else await show(acquire, insist)
    },
    /** Continues with the result of the redirect, which already contains the token. */
    goOnWith: (result: AuthenticationResult): Promise<void> => show(async () => result),
  }
}

/** Some providers return an error if the user declines the whole consent page. */
const isDecline = (error: unknown) =>
  isAuthError(error, 'access_denied') ||
  (isInteractionRequired(error) && error.reason === 'consent')
