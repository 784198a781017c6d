import type { SigningKeys } from '../../oidc/signing-keys.ts'
import type { State } from '../../state/state.ts'
import type { Directory } from '../directory/directory.ts'
import type { Codes } from './codes.ts'
import type { DeviceCodes } from './device-codes.ts'
import type { Federation } from './federation.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import type { Sessions } from './sessions.ts'
import type { Turns } from './turns.ts'
import type { UsedAssertions } from './used-assertions.ts'

/** The dependencies of all request handlers of one provider. */
export interface Entra {
  readonly origin: string
  readonly keys: SigningKeys
  readonly state: State
  readonly directory: Directory
  readonly sessions: Sessions
  readonly turns: Turns
  readonly codes: Codes
  readonly deviceCodes: DeviceCodes
  readonly refreshTokens: RefreshTokens
  readonly usedAssertions: UsedAssertions
  /** The federation server of the home tenant, if there is one. */
  readonly federation: Federation | undefined
}
