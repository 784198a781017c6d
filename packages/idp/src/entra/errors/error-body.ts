import type { Refusal } from './refusals.ts'

/** The identifiers with which Microsoft's support finds a request. */
export interface Trace {
  readonly traceId: string
  /** The `client-request-id` of the client, or a new id if the client sent none. */
  readonly correlationId: string
  readonly at: Date
}

/** The error response of Entra's token endpoint. */
export function errorBody(refusal: Refusal, trace: Trace, origin: string) {
  const { claims, code, error, suberror } = refusal
  return {
    error,
    error_description: descriptionOf(refusal, trace),
    error_codes: [code],
    timestamp: timestampOf(trace),
    trace_id: trace.traceId,
    correlation_id: trace.correlationId,
    error_uri: `${origin}/error?code=${code}`,
    ...(suberror !== undefined && { suberror }),
    ...(claims !== undefined && { claims }),
  }
}

/** The error as parameters of an authorization response. */
export function errorParameters(
  refusal: Refusal,
  trace: Trace,
  origin: string,
): Record<string, string> {
  const { error_codes, ...parameters } = errorBody(refusal, trace, origin)
  const { subcode } = refusal
  return { ...parameters, ...(subcode !== undefined && { error_subcode: subcode }) }
}

export const descriptionOf = (
  { code, message }: Pick<Refusal, 'code' | 'message'>,
  trace: Trace,
): string =>
  `AADSTS${code}: ${message} Trace ID: ${trace.traceId} Correlation ID: ${trace.correlationId} Timestamp: ${timestampOf(trace)}`

/** `2030-01-31 12:34:56Z` */
const timestampOf = ({ at }: Trace): string => `${at.toISOString().slice(0, 19).replace('T', ' ')}Z`
