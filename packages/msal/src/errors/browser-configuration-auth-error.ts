import { AuthError } from '@azure/msal-common/browser'

/** The error class for wrong options and for calls that the configuration forbids. */
export class BrowserConfigurationAuthError extends AuthError {
  constructor(errorCode: string, correlationId: string, errorMessage?: string) {
    super(errorCode, correlationId, errorMessage)
    // The base class sets its own prototype.
    Object.setPrototypeOf(this, BrowserConfigurationAuthError.prototype)
    this.name = 'BrowserConfigurationAuthError'
  }
}
