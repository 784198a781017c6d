import type { Context, Interaction, Provider } from '../vendor/oidc-provider.ts'

interface Finish {
  readonly provider: Provider
  readonly context: Context
  readonly interaction: Interaction
  readonly result: NonNullable<Interaction['result']>
}

/** Passes the result to oidc-provider and redirects the browser to it. */
export async function finishInteraction({ provider, context, interaction, result }: Finish) {
  const { req, res } = context
  const returnTo = await provider.interactionResult(req, res, result)
  const { session } = interaction
  if (session && result.login && result.login.accountId !== session.accountId) {
    await leaveSession(provider, interaction)
  }
  context.status = 303
  context.redirect(returnTo)
}

/**
 * Ends the session before another user signs in. Otherwise oidc-provider would end it with a page that
 * submits itself by a script.
 */
async function leaveSession(provider: Provider, { uid, session }: Interaction): Promise<void> {
  const stored = await provider.Interaction.find(uid)
  if (stored) {
    stored.session = undefined
    await stored.persist()
  }
  await (await provider.Session.findByUid(session?.uid ?? ''))?.destroy()
}
