import { type Account, createMemoryStore, toTokenQuery } from '@carnet/core'
import {
  createFakeEntra,
  createFakePlatform,
  createFakeProvider,
  jsonResponse,
} from '@carnet/core/fakes'
import type { AuthClientOptions } from '../api/options.ts'
import { createContext } from '../context/create-context.ts'
import type { StartRequest } from '../flows/authorization/authorization-request.ts'
import type { ResponseKind } from '../startup/response.ts'
import { createCustody } from '../worker/custody.ts'
import { fakeAnnounce, fakePage, fakeStart, silentChannel } from './fakes.ts'
import { createNetwork } from './network.ts'
import { testConfig } from './test-config.ts'

const origin = 'https://app.example'
export const TID = '11111111-aaaa-4aaa-8aaa-000000000001'
export const GUEST_TID = '22222222-bbbb-4bbb-8bbb-000000000002'
export const alice = { uid: 'u-1', utid: TID }
type Ask = Omit<StartRequest, 'correlationId'>

/** A client without its public interface: it sends requests to the provider, completes responses, and renews. */
export function createFacelessClient(
  profile: 'oidc' | 'entra' | 'auth0',
  options: Partial<AuthClientOptions> = {},
) {
  const platform = createFakePlatform((request) => provider.respond(request))
  const entra = createFakeEntra({ now: platform.now })
  const provider = profile === 'entra' ? entra : createFakeProvider({ now: platform.now })
  if (profile === 'entra') provider.onDiscovery = () => jsonResponse(entra.metadata)
  const config = testConfig(
    {
      clientId: 'spa',
      authority: profile === 'entra' ? entra.authority : provider.issuer,
      fetch: platform.fetch,
      clock: platform,
      authorityProfile: profile,
      silent: { iframe: false },
      ...options,
    },
    origin,
  )
  const isDegraded = () => false
  const store = { ...createMemoryStore(), isDegraded, withLease: platform.withLock }
  const page = fakePage(origin)
  const announce = fakeAnnounce()
  const custody = createCustody(config, () => undefined)
  const channel = silentChannel
  const context = createContext({
    ...fakeStart(),
    ...{ config, page, platform, store, announce, custody, channel },
  })
  const { cache, accounts, ledger } = context
  accounts.profileBy(config.dialect.withTenantProfiles)
  const network = createNetwork(context, accounts.load)
  const start = (request: Ask, kind: ResponseKind = 'popup') =>
    network.start({ ...request, correlationId: 'c' }, kind)

  /** Simulates an interaction: the provider grants `scope`. Default: all requested scopes. */
  async function interact(request: Ask, scope?: string, person: object = {}) {
    const { transaction, url } = await start(request)
    const { nonce } = transaction
    const asked = new URL(url).searchParams.get('scope') ?? ''
    const answer =
      profile === 'entra'
        ? entra.tokensFor({ ...alice, ...person }, { scope }, { nonce })
        : provider.tokens({ id_token: provider.idToken({ nonce }), scope: scope ?? asked })
    provider.onToken = () => jsonResponse(answer)
    const result = await network.complete(
      new URLSearchParams({ state: transaction.state, code: 'c' }),
    )
    return { result, asked }
  }
  const query = (account: Account, ...scopes: string[]) =>
    toTokenQuery(account, scopes, { dialect: config.dialect })
  const renew = (account: Account, ...scopes: string[]) => network.renew(query(account, ...scopes))
  const states = (account: Account, ...scopes: string[]) => ledger.states(query(account, ...scopes))
  const { complete, outcome } = network
  return {
    ...{ context, platform, provider, entra, accounts, cache, ledger, network },
    ...{ start, complete, outcome, interact, renew, states },
  }
}
