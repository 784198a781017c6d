import { AuthError } from '@carnet/core'
import { peerMissing } from './peer-missing.ts'

/** The client side of one exchange of SPNEGO (RFC 4178, RFC 4559). */
export interface Negotiation {
  /** The first token, in base64, for `Authorization: Negotiate`. */
  readonly token: string
  /**
   * Verifies the token with which the server proves its own identity, in base64. It rejects for a wrong token. Default: the
   * certificate of the server is its only proof.
   */
  readonly verify?: ((answer: string) => void | Promise<void>) | undefined
}

/**
 * Creates the token for a service from the Kerberos ticket of the user.
 *
 * @param spn The name of the service: `HTTP/<host>`. GSSAPI writes it `HTTP@<host>`.
 * @returns The token in base64, or the token with a check of the server's answer.
 */
export type Negotiate = (spn: string) => string | Negotiation | Promise<string | Negotiation>

/** The part of the package `kerberos` that this file needs. */
interface Kerberos {
  initializeClient(
    service: string,
    options: { readonly mechOID: number; readonly gssFlag: number },
  ): Promise<{ step(challenge: string): Promise<string> }>
  readonly GSS_MECH_OID_SPNEGO: number
  readonly GSS_C_MUTUAL_FLAG: number
  readonly GSS_C_REPLAY_FLAG: number
}

async function loadKerberos(): Promise<Kerberos> {
  try {
    return (await import('kerberos')).default
  } catch (cause) {
    throw peerMissing('kerberos', cause)
  }
}

/** Creates tokens with the package `kerberos`: GSSAPI on Linux and macOS, SSPI on Windows. */
export const negotiateByKerberos: Negotiate = async (spn) => {
  const kerberos = await loadKerberos()
  const client = await kerberos.initializeClient(
    process.platform === 'win32' ? spn : spn.replace('/', '@'),
    {
      mechOID: kerberos.GSS_MECH_OID_SPNEGO,
      gssFlag: kerberos.GSS_C_MUTUAL_FLAG | kerberos.GSS_C_REPLAY_FLAG,
    },
  )
  return {
    token: await client.step(''),
    verify: async (answer) => void (await client.step(answer)),
  }
}

/** Causes in the texts of MIT Kerberos, Heimdal and SSPI, which have no stable codes at this level. */
const CAUSES = [
  [
    'kerberos_spn_unknown',
    /not found in kerberos database|server .* unknown|target is unknown|target_unknown/i,
    'The domain knows no service of this name',
  ],
  [
    'kerberos_clock_skew',
    /clock skew|time_?skew|clocks? .* (different|differ)/i,
    'The clock of this machine differs too much from the clock of the domain',
  ],
  [
    'kerberos_ticket_missing',
    /no kerberos credentials|no credentials|credentials? cache|ticket expired|credentials? ha(s|ve) expired|no_credentials|not yet valid/i,
    'The user has no valid Kerberos ticket',
  ],
  [
    'network_error',
    /cannot contact any kdc|cannot (find|resolve) .*kdc|unable to reach any kdc|no_authenticating_authority/i,
    'No server of the domain could be reached',
  ],
] as const

/**
 * Makes a typed error of a failed negotiation.
 *
 * @param spn The name of the service.
 */
export function negotiationError(error: unknown, spn: string): AuthError {
  if (error instanceof AuthError) return error
  const { message = '' } = (error ?? {}) as Partial<Error>
  const found = CAUSES.find(([, pattern]) => pattern.test(message))
  if (!found)
    return new AuthError('kerberos_failed', `No Kerberos token for ${spn} could be made.`, {
      cause: error,
    })
  const [code, , says] = found
  return new AuthError(code, `${says} (${spn}).`, { cause: error })
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/** Checks the result of a `negotiate`. @throws AuthError `kerberos_failed` */
export function checkedNegotiation(made: unknown, spn: string): Negotiation {
  const { token, verify } = (typeof made === 'string' ? { token: made } : (made ?? {})) as {
    readonly token?: unknown
    readonly verify?: Negotiation['verify']
  }
  if (typeof token === 'string' && BASE64.test(token)) return { token, verify }
  throw new AuthError('kerberos_failed', `\`negotiate\` returned no token in base64 for ${spn}.`)
}
