import { element } from '../element.ts'
import type { ProviderControl, ProviderSettings } from '../provider-control.ts'
import { button } from './button.ts'

const SECOND_MS = 1000

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
 * Lets the user make the development provider difficult. Nothing is asked of the provider before the
 * panel is opened; where it has no controls, the panel goes away.
 */
export function createProviderPanel(control: ProviderControl): HTMLElement {
  const counts = element('ul', { class: 'counts' })
  const message = element('p', { class: 'quiet', role: 'status' })
  const lifetime = select('provider-lifetime', LIFETIMES, 'accessTokenLifetime')
  const latency = select('provider-latency', LATENCIES, 'latencyMs')
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

  let clock: ReturnType<typeof setInterval> | undefined
  details.addEventListener('toggle', async () => {
    clearInterval(clock)
    if (!details.open) return
    try {
      const settings = await control.settings()
      lifetime.value = String(settings.accessTokenLifetime)
      latency.value = String(settings.latencyMs)
      await showCounts()
      if (details.open) clock = setInterval(() => void showCounts().catch(hide), SECOND_MS)
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
    clearInterval(clock)
    panel.hidden = true
  }

  return panel
}

const field = (label: string, control: HTMLSelectElement) =>
  element('div', { class: 'field' }, element('label', { for: control.id }, label), control)
