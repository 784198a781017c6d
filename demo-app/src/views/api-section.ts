import { type AuthenticationResult, isAuthError } from '@carnet/browser'
import { element } from '../element.ts'
import { repeatableButton } from './button.ts'
import { errorNotice } from './error-notice.ts'
import { section } from './section.ts'

export interface ApiSectionOptions<Item> {
  readonly id: string
  readonly title: string
  readonly scope: string
  readonly buttonLabel: string
  readonly intro: string
  readonly none: string
  /** A token for the scope: silently where possible, else by way of the provider. */
  readonly acquire: () => Promise<AuthenticationResult>
  /** A token for the scope by way of the provider, in the click. `consent` asks for what was declined. */
  readonly insist: (prompt?: 'consent') => Promise<AuthenticationResult>
  readonly load: (accessToken: string) => Promise<readonly Item[]>
  readonly row: (item: Item) => HTMLElement
  readonly announce: (text: string) => void
}

/** A part of the page that needs a token of its own, and asks for it when it is wanted. */
export function createApiSection<Item>(options: ApiSectionOptions<Item>) {
  const { id, title, scope, buttonLabel, intro, none, announce } = options
  const content = element('div', { class: 'content' })
  const acquire = () => show(options.acquire, () => options.insist())
  const { region, heading } = section(
    id,
    title,
    element('p', { class: 'quiet' }, intro, ' ', element('code', {}, scope)),
    element('div', { class: 'actions' }, repeatableButton(buttonLabel, acquire, { class: 'main' })),
    content,
  )

  /** @param insist Gets the same in a click of its own, where the first one did not open a window. */
  async function show(
    getResult: () => Promise<AuthenticationResult>,
    insist = getResult,
  ): Promise<void> {
    content.setAttribute('aria-busy', 'true')
    try {
      const result = await getResult()
      if (result.declinedScopes.includes(scope)) {
        showDeclined()
        return
      }
      const items = await options.load(result.accessToken)
      content.replaceChildren(
        items.length === 0
          ? element('p', { class: 'quiet' }, none)
          : element('ul', { class: 'items' }, ...items.map(options.row)),
      )
      announce(`${title}: ${items.length} items.`)
    } catch (error) {
      content.replaceChildren(errorNotice(error, ...remedy(error, insist)))
    } finally {
      content.removeAttribute('aria-busy')
    }
  }

  const remedy = (error: unknown, insist: () => Promise<AuthenticationResult>) =>
    isAuthError(error, 'popup_blocked')
      ? [repeatableButton('Open the window', () => show(insist))]
      : []

  function showDeclined(): void {
    const ask = repeatableButton('Ask for permission', () => show(() => options.insist('consent')))
    content.replaceChildren(
      element(
        'div',
        { class: 'notice', role: 'status' },
        element('p', {}, 'You did not grant ', element('code', {}, scope), '.'),
        element('div', { class: 'actions' }, ask),
      ),
    )
  }

  return {
    region,
    heading,
    /** Opens with the answer that the user just came back with: the token is in hand already. */
    async openWith(result: AuthenticationResult): Promise<void> {
      region.scrollIntoView({ block: 'nearest' })
      await show(async () => result)
    },
  }
}
