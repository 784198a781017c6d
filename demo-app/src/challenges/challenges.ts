import type { Account, AuthClient, CallOptions, ChallengeEvent } from '@carnet/browser'
import { wantsBoundTokens } from '../account/token-binding.ts'
import type { ProviderControl } from '../provider/provider-control.ts'
import { repeatableButton } from '../ui/button.ts'
import { definitions } from '../ui/definitions.ts'
import { element } from '../ui/element.ts'
import { errorNotice } from '../ui/error-notice.ts'
import { section } from '../ui/section.ts'
import { echoFields } from './echo-fields.ts'

/** The name of the handler for calls that a redirect interrupts. */
const ORDER = 'order'

/** A call of an API that sends a challenge. */
interface Trial {
  readonly label: string
  readonly path: string
  readonly options?: CallOptions
  /** Prepares the provider, and undoes it after the call. */
  readonly around?: (isOn: boolean) => Promise<unknown>
}

/** A section that calls the APIs of the provider, which refuse the first request with a challenge. */
export function createChallenges(deps: {
  auth: AuthClient
  account: Account
  authority: string
  control: ProviderControl
}) {
  const { auth, account, authority, control } = deps
  const content = element('div', { class: 'content', 'aria-live': 'polite' })
  const trials: readonly Trial[] = [
    { label: 'Confirm that it is you', path: 'step-up' },
    { label: 'New condition', path: 'claims' },
    { label: 'Missing permission', path: 'echo?scope=calendar.write' },
    ...(wantsBoundTokens()
      ? [{ label: 'Proof with a nonce', path: 'echo', around: control.requireNonces }]
      : []),
    {
      label: 'Order with a redirect',
      path: 'step-up?acr_values=mfa&max_age=300',
      options: { interaction: 'redirect', resumable: ORDER },
    },
  ]

  async function run({ path, options, around }: Trial): Promise<void> {
    content.setAttribute('aria-busy', 'true')
    const answered: ChallengeEvent[] = []
    const stop = auth.on('challenge', (event) => answered.push(event))
    try {
      await around?.(true)
      const carnet = { account, ...options }
      await show(
        await auth.fetch(`${authority}/api/${path}`, { method: 'POST', body: 'order', carnet }),
        answered,
      )
    } catch (error) {
      content.replaceChildren(errorNotice(error))
    } finally {
      stop()
      content.removeAttribute('aria-busy')
      await around?.(false).catch(() => undefined)
    }
  }

  async function show(response: Response, answered: readonly ChallengeEvent[]): Promise<void> {
    const seen: unknown = await response.json().catch(() => undefined)
    const remedies = answered.map(({ kind, outcome }) => `${kind}: ${outcome}`)
    content.replaceChildren(
      definitions([
        ['Answer', `${response.status}`],
        ['Challenges', remedies.join(', ') || 'none'],
        ...echoFields(seen),
      ]),
    )
  }

  const { region, heading } = section(
    'challenges',
    'Call an API',
    element(
      'p',
      { class: 'quiet' },
      'Each API refuses the first request. The client gets what the API asks for, and repeats the request.',
    ),
    element(
      'div',
      { class: 'actions' },
      ...trials.map((trial) => repeatableButton(trial.label, () => run(trial))),
    ),
    content,
  )
  return {
    region,
    heading,
    /** Continues the order that a redirect interrupted. */
    resume: (): Promise<void> =>
      auth.resumable(ORDER, async ({ request }) => {
        await show(await auth.fetch(request, { carnet: { account } }), [])
        content.prepend(element('p', {}, 'Your order continued after the redirect.'))
      }),
  }
}
