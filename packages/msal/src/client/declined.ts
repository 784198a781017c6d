/** Classes for parts that Carnet does not have. Their names exist, so that apps with such an import load. */
import { StubPerformanceClient } from '@azure/msal-common/browser'
import { unsupported } from '../errors/unsupported.ts'

/** Measures nothing. */
export class BrowserPerformanceClient extends StubPerformanceClient {
  constructor(_configuration?: unknown, _fields?: Set<string>) {
    super()
  }
}

/** Measures nothing. */
export class BrowserPerformanceMeasurement {
  static supportsBrowserPerformance(): boolean {
    return false
  }
  static flushMeasurements(): void {}
  startMeasurement(): void {}
  endMeasurement(): void {}
  flushMeasurement(): number | null {
    return null
  }
}

/** @throws BrowserConfigurationAuthError `unsupported_option`: Carnet binds tokens by DPoP (RFC 9449). */
export class SignedHttpRequest {
  constructor(_parameters?: unknown, _options?: unknown) {
    throw unsupported(
      '`SignedHttpRequest`',
      'For tokens that are bound to a key, use the option `dpop` of @carnet/browser.',
    )
  }
}
