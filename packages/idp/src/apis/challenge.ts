import type { Context } from '../vendor/oidc-provider.ts'

/** The scheme that the API asks for in its challenge. */
export type Scheme = 'Bearer' | 'DPoP'

/** A refused request: status, and the parameters of the challenge (RFC 9110 §11.6.1). */
export interface Refusal {
  readonly status: 400 | 401 | 403
  readonly scheme: Scheme
  readonly parameters: Readonly<Record<string, string>>
}

/** Sends a refusal with its challenge. */
export function refuse(context: Context, { status, scheme, parameters }: Refusal): undefined {
  const written = Object.entries(parameters).map(([name, value]) => `${name}="${quoted(value)}"`)
  context.set('WWW-Authenticate', [scheme, written.join(', ')].join(' ').trim())
  context.status = status
  context.body = { error: 'unauthorized', ...parameters }
}

/** The content of a quoted-string (RFC 9110 §5.6.4). */
const quoted = (value: string): string => value.replace(/["\\]/g, '\\$&')
