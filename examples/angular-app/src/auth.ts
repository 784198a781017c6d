import { createAuthClient } from '@carnet/browser'

const meta = document.querySelector<HTMLMetaElement>('meta[name=carnet-authority]')
const authority = meta?.content ?? ''
export const report = `${authority}/api/step-up`

/** The one client of the page: created once, outside Angular, so that two roots share it. */
export const auth = createAuthClient({
  ...{ clientId: 'spa', authority, redirectUri: '/', scopes: ['calendar.read'] },
  resources: { [`${authority}/api/`]: ['calendar.read'] },
  onChallenge: 'snapshot',
})

const renders: Record<string, number> = {}
/** Counts how often Angular refreshes the view of a component. */
export const rendered = (name: string) => {
  renders[name] = (renders[name] ?? 0) + 1
}
Object.assign(window, { auth, renders })
