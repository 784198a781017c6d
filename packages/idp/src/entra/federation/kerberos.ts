import type { AcceptToken } from '../directory/federation-options.ts'

/**
 * Accepts Kerberos tokens with the optional package `kerberos`, against the key table that `KRB5_KTNAME` names. The library
 * refuses a token that was used before.
 *
 * @param service The name of the service, as GSSAPI writes it. Default: `HTTP@127.0.0.1`.
 */
export function acceptKerberos(service = 'HTTP@127.0.0.1'): AcceptToken {
  return async (token) => {
    const { default: kerberos } = await import('kerberos')
    const server = await kerberos.initializeServer(service)
    await server.step(token)
    if (!server.contextComplete) throw new Error('The token needs further steps.')
    return { principal: server.username, answer: server.response ?? '' }
  }
}
