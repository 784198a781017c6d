import {
  AuthError,
  difference,
  type InteractionHint,
  InteractionRequiredError,
  isInteractionRequired,
  keysOf,
  parametersToRepeat,
  resourceScopes,
  splitByResource,
} from '@carnet/core'
import {
  type Binding,
  type Http,
  type MetadataSource,
  type ProviderMetadata,
  redeemCode,
  type VerifyIdToken,
} from '@carnet/core/network'
import type { AuthenticationResult } from '../../api/result.ts'
import type { Context } from '../../context/context.ts'
import { NO_TERMS } from './consent-changes.ts'
import { KINDS } from './kinds.ts'
import { secondAttempt } from './second-attempt.ts'
import { storeTokens } from './store-tokens.ts'
import type { Transaction } from './transactions.ts'

/** Redeems the code of a response, and stores the account and the tokens. */
export async function completeAuthorization(
  response: URLSearchParams,
  transaction: Transaction,
  context: Context,
  {
    metadataOf,
    now = context.platform.now,
    ...how
  }: {
    metadataOf: MetadataSource
    http: Http
    verifyIdToken: VerifyIdToken | undefined
    /** The clock at the time of the answer. Default: the clock of the app. */
    now?: (() => number) | undefined
  },
): Promise<AuthenticationResult> {
  const { config, platform } = context
  try {
    const metadata = await metadataOf(transaction.authority)
    const binding = await bindingOf(transaction, metadata, context)
    const pending = {
      ...transaction,
      tokenParameters: transaction.terms?.parameters.token,
      hint: hintOf(transaction, context),
    }
    const grant = await redeemCode(response, pending, {
      metadata,
      authority: transaction.authority,
      dialect: config.dialect,
      clientId: config.clientId,
      ...how,
      ...(binding && { http: binding.http, binding }),
      now,
      trueTimeMs: platform.trueTimeMs,
    })
    platform.log('info', `The code was redeemed (${transaction.correlationId}).`)
    if (grant.refreshToken === undefined && transaction.scopes.includes('offline_access'))
      platform.log('info', NO_REFRESH_TOKEN)
    return await storeTokens(grant, transaction, pending.hint, context)
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    error.correlationId ??= transaction.correlationId
    if (error.oauth?.error === 'invalid_scope') {
      const { without } = secondAttempt(error, transaction) ?? {}
      await forgetRepeated(transaction, without, context)
    }
    if (isDecline(error) && !KINDS[transaction.kind].isSilent)
      await noteDecline(transaction, context)
    throw error
  }
}

/**
 * The key that the code is bound to, if the client uses DPoP. A key in the worker may not survive a redirect, so a code is not
 * bound to it then: its key begins with the token request.
 */
async function bindingOf(
  transaction: Transaction,
  metadata: ProviderMetadata,
  context: Context,
): Promise<Binding | undefined> {
  const { jkt, state } = transaction
  const { config, dpop } = context
  if (!dpop || (jkt === undefined && !config.dpop?.isRequired)) return undefined
  const binding = await (await dpop.get()).bind(jkt, metadata, undefined, state)
  if (binding !== 'lost') return binding
  throw new InteractionRequiredError(
    'key_lost',
    'The key of the sign-in is no longer in this browser.',
    hintOf(transaction, context),
  )
}

const NO_REFRESH_TOKEN =
  'The provider gave no refresh token, although `offline_access` was asked for. Strict providers give one only with `prompt: "consent"` (OpenID Connect Core 11).'

/**
 * Removes the grants of repeated scopes that the provider refuses. Otherwise every later request would fail with them.
 *
 * @param refused The scopes that a second attempt leaves out. Default: all repeated scopes.
 */
async function forgetRepeated(
  { repeats, resource, terms, tokenScopes }: Transaction,
  refused: readonly string[] | undefined,
  { accounts, ledger }: Context,
): Promise<void> {
  const account = repeats && accounts.byKey(repeats.account)
  if (!account) return
  const isRefused = (scope: string) => refused?.includes(scope) ?? !tokenScopes.includes(scope)
  const unasked = repeats.scopes.filter(isRefused)
  await ledger.forgetGrants(account, resource ?? '', unasked, terms?.grantKey)
}

/** True if the user declined the whole page: then all new scopes of the page are declined. On Entra this is always so. */
const isDecline = (error: AuthError) =>
  error.code === 'access_denied' || (isInteractionRequired(error) && error.reason === 'consent')

async function noteDecline(
  { account, authority, repeats, scopes, resource, terms = NO_TERMS }: Transaction,
  { config, accounts, ledger, store }: Context,
): Promise<void> {
  const asked = accounts.byKey(account ?? repeats?.account ?? '')
  if (!asked) return
  const there = accounts.inTenant(asked, authority, config.dialect)
  const whose = there ?? asked
  const asking = resourceScopes(scopes)
  const questions = splitByResource(whose, asking, config.dialect, resource, keysOf(terms))
  // A scope that is declined in a new tenant is not declined for the home account.
  const where = there ? {} : { authority }
  const noted = questions.map((question) => ledger.noteDecline({ ...question, ...where }))
  await store.write((await Promise.all(noted)).flat(), accounts.nameOf(whose))
}

/** The request of a transaction, for another interaction. */
function hintOf(
  { account, authority, repeats, resource, scopes, tokenScopes, terms, maxAgeMs }: Transaction,
  { accounts }: Context,
): InteractionHint {
  return {
    scopes: tokenScopes,
    extraScopesToConsent: difference(scopes, tokenScopes),
    account: accounts.byKey(account ?? repeats?.account ?? ''),
    authority,
    resource,
    claims: terms?.parameters.authorization.claims,
    ...parametersToRepeat({ parameters: terms?.parameters, maxAgeMs }),
  }
}
