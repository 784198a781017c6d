import { AuthError } from '@azure/msal-common/browser'

/** The error class for failures in the browser. */
export class BrowserAuthError extends AuthError {
  constructor(errorCode: string, correlationId: string, subError?: string) {
    super(errorCode, correlationId, undefined, subError)
    // The base class sets its own prototype.
    Object.setPrototypeOf(this, BrowserAuthError.prototype)
    this.name = 'BrowserAuthError'
  }
}
