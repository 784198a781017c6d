import { button } from '../ui/button.ts'
import { element } from '../ui/element.ts'
import { createFollowing } from '../ui/following.ts'
import type { Ticker } from '../ui/ticker.ts'
import type { NetworkSwitch } from './network-switch.ts'
import type { ProviderControl, ProviderSettings } from './provider-control.ts'

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

/** Runs the work, and shows the returned text or the error. */
type Report = (work: () => Promise<string>) => Promise<void>

/**
 * Simulates faults of the provider and of the network. The panel sends no request until the user opens it.
 * It disappears if the provider has no control endpoint.
 */
export function createProviderPanel(
  control: ProviderControl,
  network: NetworkSwitch,
  ticker: Ticker,
): HTMLElement {
  const message = element('p', { class: 'quiet', role: 'status' })
  const counts = createRequestCounts(control)
  const settings = createSettings(control, report)
  const body = element(
    'div',
    { class: 'provider-body' },
    ...settings.fields,
    element(
      'div',
      { class: 'actions' },
      ...faultButtons(control, report),
      offlineButton(network, message),
    ),
    message,
    ...counts.nodes,
  )
  const heading = element('h2', { id: 'provider-heading' }, 'Provider controls')
  const details = element('details', {}, element('summary', {}, heading), body)
  const panel = element(
    'section',
    { class: 'provider', 'aria-labelledby': 'provider-heading' },
    details,
  )

  const clock = createFollowing(ticker, () => void counts.show().catch(hide))
  details.addEventListener('toggle', async () => {
    clock.needed(false)
    if (!details.open) return
    try {
      await settings.show()
      await counts.show()
      clock.needed(details.open)
    } catch {
      hide()
    }
  })

  async function report(work: () => Promise<string>): Promise<void> {
    try {
      message.textContent = await work()
      await counts.show()
    } catch (error) {
      message.textContent = error instanceof Error ? error.message : String(error)
    }
  }

  function hide(): void {
    clock.needed(false)
    panel.hidden = true
  }

  return panel
}

function createRequestCounts(control: ProviderControl) {
  const list = element('ul', { class: 'counts', 'aria-labelledby': 'counts-heading' })
  return {
    nodes: [element('h3', { id: 'counts-heading' }, 'Requests to the provider'), list],
    async show(): Promise<void> {
      const entries = Object.entries(await control.requestCounts())
      list.replaceChildren(
        ...entries.map(([endpoint, count]) =>
          element('li', {}, element('span', {}, endpoint), element('strong', {}, String(count))),
        ),
      )
    },
  }
}

/** The settings of the provider that the user can change. */
function createSettings(control: ProviderControl, report: Report) {
  const lifetime = select('provider-lifetime', LIFETIMES, 'accessTokenLifetime')
  const latency = select('provider-latency', LATENCIES, 'latencyMs')

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
      void report(async () => {
        await control.change({ [setting]: Number(created.value) })
        return `The next request uses ${label}.`
      })
    })
    return created
  }

  return {
    fields: [field('Access token lifetime', lifetime), field('Latency', latency)],
    async show(): Promise<void> {
      const { accessTokenLifetime, latencyMs } = await control.settings()
      lifetime.value = String(accessTokenLifetime)
      latency.value = String(latencyMs)
    },
  }
}

const faultButtons = (control: ProviderControl, report: Report) => [
  button('Revoke refresh tokens', () =>
    report(async () => `Refresh tokens revoked: ${await control.revokeRefreshTokens()}.`),
  ),
  button('End session', () =>
    report(async () => `Sessions ended: ${await control.endSessions()}.`),
  ),
  button('Break the provider', () =>
    report(async () => {
      await control.breakTokens(BROKEN_REQUESTS)
      return `The next ${BROKEN_REQUESTS} token requests fail with 503.`
    }),
  ),
  button('Repair the provider', () =>
    report(async () => {
      await control.mend()
      return 'The provider works again.'
    }),
  ),
]

function offlineButton(network: NetworkSwitch, message: HTMLElement): HTMLElement {
  const offline = button('Go offline', () => {
    network.turn(!network.isOff())
    offline.textContent = network.isOff() ? 'Go online' : 'Go offline'
    message.textContent = network.isOff()
      ? 'Offline: all requests of the demo fail. Renewals are retried with growing delays.'
      : 'Online again: failed renewals are retried immediately.'
  })
  return offline
}

const field = (label: string, control: HTMLSelectElement) =>
  element('div', { class: 'field' }, element('label', { for: control.id }, label), control)
