import type { Certificate } from './server.ts'

/** Fields of a certificate for a client. */
export interface ClientCertificateOptions {
  /** Default `client`. */
  readonly name?: string
  /** Default `rsa`, which Entra requires. */
  readonly keyType?: 'rsa' | 'ec'
  /** Default: one year from now. */
  readonly notAfter?: Date
}

/** Creates a self-signed certificate with its private key, for a confidential client in tests. */
export async function createClientCertificate({
  name = 'client',
  keyType = 'rsa',
  notAfter = new Date(Date.now() + 365 * 24 * 3_600_000),
}: ClientCertificateOptions = {}): Promise<Certificate> {
  // Loaded late: a dependency of `selfsigned` writes to the global object.
  const { generate } = await import('selfsigned')
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
    keyType,
    algorithm: 'sha256',
    notBeforeDate: new Date(notAfter.getTime() - 2 * 365 * 24 * 3_600_000),
    notAfterDate: notAfter,
  })
  return { key, cert }
}
