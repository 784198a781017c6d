/** The realm of the KDC. */
export const REALM: string
/** True if the tests with Kerberos can run. */
export function hasKerberos(): boolean
/** Installs Kerberos if it is missing. @returns True if the tests with Kerberos can run. */
export function ensureKerberos(): boolean

export interface Kdc {
  /** The environment of programs that use this KDC. `KRB5CCNAME` names no tickets. */
  readonly env: Readonly<Record<string, string>>
  /**
   * Signs a user in to the domain.
   *
   * @param options Options of `kinit`.
   * @returns The value of `KRB5CCNAME` for programs of the user.
   */
  signIn(user: string, options?: readonly string[]): string
  /** Stops the KDC, and deletes its folder. */
  stop(): Promise<void>
}

/** Starts a KDC on a free port of 127.0.0.1, with all its files in a temporary folder. Names are without the realm. */
export function startKdc(principals: {
  readonly users: readonly string[]
  readonly services: readonly string[]
}): Promise<Kdc>
