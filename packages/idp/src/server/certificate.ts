import type { Certificate } from './server.ts'

/** Creates a self-signed certificate for 127.0.0.1 and localhost. Browsers must ignore certificate errors. */
export async function makeCertificate(): Promise<Certificate> {
  // A dependency of `selfsigned` writes to the global object, so a provider over http does not load it.
  const { generate } = await import('selfsigned')
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  })
  return { key, cert }
}
