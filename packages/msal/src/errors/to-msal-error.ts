/**
 * Converts an error of Carnet to the error class and code that apps of `@azure/msal-browser` know. Its `cause` is the error of
 * Carnet, with the advice. Any other error stays as it is. The table loads at the first error.
 */
export async function toMsalError(error: unknown, correlationId: string): Promise<unknown> {
  const { fromCarnet } = await import('./from-carnet.ts')
  return fromCarnet(error, correlationId)
}
