import { element } from '../element.ts'
import { createFollowing } from '../following.ts'
import type { NetworkSwitch } from '../network-switch.ts'
import type { ProviderControl, ProviderSettings } from '../provider-control.ts'
import type { Ticker } from '../ticker.ts'
import { button } from './button.ts'

/** The number of token requests that fail after "Break the provider". */
const BROKEN_REQUESTS = 3

const LIFETIMES = [
  [20, '20 s'],
  [60, '60 s'],
  [300, '5 min'],
  [3600, '1 h'],
] as const

const LATENCIES = [
  [0, 'none'],
  [150, '150 ms'],
  [1000, '1 s'],
] as const

/**
 * Lets the user simulate faults of the provider and of the network. The panel sends no request before it
 * is opened. It disappears if the provider has no control endpoint.
 */
export function createProviderPanel(
  control: ProviderControl,
  network: NetworkSwitch,
  ticker: Ticker,
): HTMLElement {
  const counts = element('ul', { class: 'counts' })
  const message = element('p', { class: 'quiet', role: 'status' })
  const lifetime = select('provider-lifetime', LIFETIMES, 'accessTokenLifetime')
  const latency = select('provider-latency', LATENCIES, 'latencyMs')
  const offline = button('Go offline', () => {
    network.turn(!network.isOff())
    offline.textContent = network.isOff() ? 'Go online' : 'Go offline'
    message.textContent = network.isOff()
      ? 'Offline: all requests of the demo fail. Renewals are retried with growing delays.'
      : 'Online again: failed renewals are retried immediately.'
  })
  const details = element(
    'details',
    {},
    element('summary', {}, element('h2', { id: 'provider-heading' }, 'Provider controls')),
    element(
      'div',
      { class: 'provider-body' },
      field('Access token lifetime', lifetime),
      field('Latency', latency),
      element(
        'div',
        { class: 'actions' },
        button('Revoke refresh tokens', () =>
          tell(async () => `Refresh tokens revoked: ${await control.revokeRefreshTokens()}.`),
        ),
        button('End session', () =>
          tell(async () => `Sessions ended: ${await control.endSessions()}.`),
        ),
        button('Break the provider', () =>
          tell(async () => {
            await control.breakTokens(BROKEN_REQUESTS)
            return `The next ${BROKEN_REQUESTS} token requests fail with 503.`
          }),
        ),
        button('Mend', () =>
          tell(async () => {
            await control.mend()
            return 'The provider works again.'
          }),
        ),
        offline,
      ),
      message,
      element('h3', { id: 'counts-heading' }, 'Requests to the provider'),
      counts,
    ),
  )
  const panel = element(
    'section',
    { class: 'provider', 'aria-labelledby': 'provider-heading' },
    details,
  )
  counts.setAttribute('aria-labelledby', 'counts-heading')

  const clock = createFollowing(ticker, () => void showCounts().catch(hide))
  details.addEventListener('toggle', async () => {
    clock.needed(false)
    if (!details.open) return
    try {
      const settings = await control.settings()
      lifetime.value = String(settings.accessTokenLifetime)
      latency.value = String(settings.latencyMs)
      await showCounts()
      clock.needed(details.open)
    } catch {
      hide()
    }
  })

  function select(
    id: string,
    choices: readonly (readonly [number, string])[],
    setting: keyof ProviderSettings,
  ): HTMLSelectElement {
    const created = element(
      'select',
      { id },
      ...choices.map(([value, label]) => element('option', { value }, label)),
    )
    created.addEventListener('change', () => {
      const label = created.selectedOptions[0]?.text ?? ''
      void tell(async () => {
        await control.change({ [setting]: Number(created.value) })
        return `Set to ${label}, from the next request on.`
      })
    })
    return created
  }

  async function tell(work: () => Promise<string>): Promise<void> {
    try {
      message.textContent = await work()
      await showCounts()
    } catch (error) {
      message.textContent = error instanceof Error ? error.message : String(error)
    }
  }

  async function showCounts(): Promise<void> {
    const entries = Object.entries(await control.requestCounts())
    counts.replaceChildren(
      ...entries.map(([endpoint, count]) =>
        element('li', {}, element('span', {}, endpoint), element('strong', {}, String(count))),
      ),
    )
  }

  function hide(): void {
    clock.needed(false)
    panel.hidden = true
  }

  return panel
}

const field = (label: string, control: HTMLSelectElement) =>
  element('div', { class: 'field' }, element('label', { for: control.id }, label), control)
