import { html } from '../pages/html.ts'
import { showPage } from '../pages/show.ts'
import type { State } from '../state/state.ts'
import type { Middleware, Provider } from '../vendor/oidc-provider.ts'
import { consent } from './consent.ts'
import { finishInteraction } from './finish.ts'
import { readForm } from './form.ts'
import { pickAccount } from './pick-account.ts'
import { signIn } from './sign-in.ts'
import type { Turn } from './turn.ts'

/** Serves `/interaction/:uid`. oidc-provider redirects to it when the user must act. */
export function createInteractions(provider: Provider, state: State): Middleware {
  return async function interactions(context, next) {
    if (!/^\/interaction\/[^/]+$/.test(context.path)) return next()

    const interaction = await provider.interactionDetails(context.req, context.res).catch(() => {})
    if (!interaction || !context.path.endsWith(`/${interaction.uid}`)) {
      context.status = 400
      return showPage(context, state.settings.get(), 'This page has expired', expired)
    }

    const form = context.method === 'POST' ? await readForm(context.req) : undefined
    const finish: Turn['finish'] = (result) =>
      finishInteraction({ provider, context, interaction, result })
    if (form?.get('action') === 'cancel') return finish(cancelled)

    const turn: Turn = {
      context,
      interaction,
      issuer: provider.issuer,
      form,
      state,
      finish,
    }
    if (interaction.prompt.name === 'consent') return consent(turn)
    if (interaction.prompt.name === 'select_account') return pickAccount(turn)
    return signIn(turn)
  }
}

/** RFC 6749 §4.1.2.1 */
const cancelled = { error: 'access_denied', error_description: 'the user cancelled' }

const expired = html`<p role="alert">This sign-in is over or was started in another browser.</p>
<p class="quiet">Go back to the app and try again.</p>`
