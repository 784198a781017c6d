import type { BrowserAuthOptions } from '@azure/msal-browser'
import type { LeaveDetails } from '@carnet/browser'
import type { AppContext } from '../context/app-context.ts'
import { BrowserAuthError } from '../errors/browser-auth-error.ts'
import { ApiId } from '../names/constants.ts'
import { isOwn } from '../page/navigation-client.ts'

/** A request of version 3 or 4 may have a function of its own. */
interface MayStop {
  readonly onRedirectNavigate?: BrowserAuthOptions['onRedirectNavigate']
  readonly httpMethod?: string
}

/** The interaction that leaves the page needs these. */
interface Interaction {
  readonly ask: MayStop['onRedirectNavigate']
  readonly beforeLeaving: (() => void) | undefined
  readonly isPost: boolean
  isStopped: boolean
}

/** Holds the interaction that leaves the page, and asks the app before the page is left. */
export function createLeaving({ config, navigation }: Pick<AppContext, 'config' | 'navigation'>) {
  let current: Interaction | undefined
  let running: { readonly key: string; readonly call: Promise<void> } | undefined

  /** The function `interaction.leave` of the client of Carnet. */
  async function leave(url: string, { kind }: LeaveDetails): Promise<boolean> {
    const interaction = current
    interaction?.beforeLeaving?.()
    const ask = interaction?.ask ?? config.auth.onRedirectNavigate
    const client = navigation()
    const isLeft = ask?.(url) !== false && (!isOwn(client, 'navigateExternal') || undefined)
    if (isLeft && interaction?.isPost) await post(url)
    if (isLeft) return true
    if (interaction) interaction.isStopped = true
    if (isLeft === undefined) {
      const apiId = kind === 'signIn' ? ApiId.acquireTokenRedirect : ApiId.logout
      const timeout = config.system.redirectNavigationTimeout
      // The client of the app navigates. If it says that the page is left, nothing follows.
      if (await client.navigateExternal(url, { apiId, timeout, noHistory: false }))
        await new Promise(() => undefined)
    }
    return false
  }

  return {
    leave,

    /** Notes the interaction that leaves. Returns whether the app has stopped it. */
    begin(request: object, beforeLeaving?: () => void): () => boolean {
      const interaction: Interaction = {
        ask: (request as MayStop).onRedirectNavigate,
        isPost: (request as MayStop).httpMethod === 'POST',
        beforeLeaving,
        isStopped: false,
      }
      current = interaction
      return () => interaction.isStopped
    },

    end(): void {
      current = undefined
    },

    /** The request that leaves the page, if one does. */
    key: (): string | undefined => running?.key,

    /**
     * Runs one redirect at a time. The same request shares it.
     *
     * @throws BrowserAuthError `interaction_in_progress` for another request: the page is being left.
     */
    once(key: string, correlationId: string, call: () => Promise<void>): Promise<void> {
      if (running?.key === key) return running.call
      if (running) throw new BrowserAuthError('interaction_in_progress', correlationId)
      const started = call().finally(() => {
        running = undefined
      })
      running = { key, call: started }
      return started
    },
  }
}

/** Sends a request to the provider by a form (`httpMethod: 'POST'`), and leaves the page. */
async function post(url: string): Promise<never> {
  const { origin, pathname, searchParams } = new URL(url)
  const form = document.createElement('form')
  form.method = 'POST'
  form.action = `${origin}${pathname}`
  form.hidden = true
  for (const [name, value] of searchParams) {
    const input = document.createElement('input')
    Object.assign(input, { name, value })
    form.append(input)
  }
  document.body.append(form)
  form.submit()
  return new Promise(() => undefined)
}

export type Leaving = ReturnType<typeof createLeaving>
