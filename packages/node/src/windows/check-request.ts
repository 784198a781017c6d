import { AuthError } from '@carnet/core'
import type { ProviderDialect } from '@carnet/core/services'
import { checkRequest } from '../context/check-request.ts'
import type { IntegratedWindowsAuthRequest } from './request.ts'

/** Checks a request. @throws AuthError `invalid_request`, or `unsupported_by_provider` for an authority that is not Entra. */
export function checkWindowsRequest(
  request: IntegratedWindowsAuthRequest,
  { name }: Pick<ProviderDialect, 'name'>,
): void {
  checkRequest(request)
  const { username, negotiate, spn } = request
  // A lone surrogate has no form in a URL.
  if (
    typeof username !== 'string' ||
    !/^[^\s@]+@[^\s@]+$/.test(username) ||
    /\p{Cs}/u.test(username)
  )
    throw invalid('`username` must be a user principal name, such as "alice@contoso.com".')
  if (negotiate !== undefined && typeof negotiate !== 'function')
    throw invalid('`negotiate` must be a function.')
  if (spn !== undefined && !(typeof spn === 'string' && /^[^\s/@]+\/[^\s@]+$/.test(spn)))
    throw invalid('`spn` must be the name of a service, such as "HTTP/sts.contoso.com".')
  if (name !== 'entra')
    throw new AuthError(
      'unsupported_by_provider',
      'Only Entra redeems the assertions of federation servers.',
    )
}

const invalid = (message: string) => new AuthError('invalid_request', message)
