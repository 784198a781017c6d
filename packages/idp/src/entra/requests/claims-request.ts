import { demandsOf } from '../../model/claims-demands.ts'

/** The parts of the `claims` parameter (OpenID Connect Core §5.5) that Entra honours in a sign-in. */
export interface ClaimsRequest {
  /** Authentication contexts that the user must meet. */
  readonly contexts: readonly string[]
  /** `xms_cc`: the capabilities of the client; `cp1` means that it handles claims challenges. */
  readonly capabilities: readonly string[]
  /** Seconds since the epoch. Tokens from before this instant are refused (continuous access evaluation). */
  readonly notBefore: number
}

/** @returns Undefined if the text is not a JSON object. */
export function parseClaimsRequest(text: string | null): ClaimsRequest | undefined {
  const demands = demandsOf(text ?? '{}')
  return (
    demands && {
      contexts: demands.acrs ?? [],
      capabilities: demands.xms_cc ?? [],
      notBefore: Number(demands.nbf?.[0] ?? 0),
    }
  )
}
