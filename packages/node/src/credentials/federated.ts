import { readFile, stat } from 'node:fs/promises'
import { AuthError } from '@carnet/core'
import { addAssertion } from './client-assertion.ts'
import type { Credential } from './credential.ts'

/** An assertion of another issuer: from a function, or from a file that the platform replaces. */
export type FederatedOptions =
  /** Returns an assertion. It is used again until a minute before its `exp`. */
  | { readonly assertion: () => string | Promise<string> }
  /** The path of a file, for example of a projected token of Kubernetes. It is read again when it changes. */
  | { readonly file: string }

const RESERVE_MS = 60_000

/**
 * A federated credential: a token of a platform that the provider trusts (RFC 7523), instead of a secret of the app.
 */
export function federated(options: FederatedOptions): Credential {
  const assertion = 'file' in options ? ofFile(options.file) : ofFunction(options.assertion)
  return {
    kind: 'federated',
    authenticate: async (request) => addAssertion(request, await assertion.get(request.nowMs)),
    refused: assertion.drop,
  }
}

interface AssertionSource {
  get(nowMs: number): Promise<string>
  drop(): void
}

function ofFunction(create: () => string | Promise<string>): AssertionSource {
  let held: string | undefined
  return {
    async get(nowMs) {
      if (held !== undefined && endMsOf(held) - RESERVE_MS > nowMs) return held
      held = checked(
        await unusableIfFails('The function `assertion` failed.', async () => create()),
      )
      return held
    },
    drop() {
      held = undefined
    },
  }
}

function ofFile(path: string): AssertionSource {
  let held: { readonly text: string; readonly changedAtMs: number } | undefined
  return {
    get: () =>
      unusableIfFails(`The file ${path} could not be read.`, async () => {
        // The platform replaces the file by a symbolic link, so only its time says that it changed.
        const { mtimeMs: changedAtMs } = await stat(path)
        if (held?.changedAtMs !== changedAtMs)
          held = { text: checked((await readFile(path, 'utf8')).trim()), changedAtMs }
        return held.text
      }),
    drop() {
      held = undefined
    },
  }
}

async function unusableIfFails<T>(message: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof AuthError) throw cause
    throw new AuthError('credential_unusable', message, { cause })
  }
}

function checked(assertion: string): string {
  if (claimsOf(assertion)) return assertion
  throw new AuthError(
    'credential_unusable',
    'The assertion of the federated credential is not a JWT.',
  )
}

const endMsOf = (assertion: string): number => Number(claimsOf(assertion)?.exp ?? 0) * 1000

/** The claims of a JWT, which nobody has verified; `undefined` for any other text. */
export function claimsOf(jwt: unknown): Record<string, unknown> | undefined {
  const parts = typeof jwt === 'string' ? jwt.split('.') : []
  try {
    const [head, claims] = parts.map((part) => Buffer.from(part, 'base64url').toString())
    const isJwt = parts.length === 3 && typeof JSON.parse(head ?? '') === 'object'
    const parsed: unknown = isJwt ? JSON.parse(claims ?? '') : undefined
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined
  } catch {
    return undefined
  }
}
