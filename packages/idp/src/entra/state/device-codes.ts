import { randomBytes, randomInt } from 'node:crypto'
import type { AuthorizationRequest } from '../requests/authorization-request.ts'
import type { SignInGrant } from './refresh-tokens.ts'

/** A device that waits for its user (RFC 8628). */
export interface Device {
  readonly userCode: string
  readonly issuedAtMs: number
  readonly request: AuthorizationRequest
  /** `undefined` until the user has decided. */
  readonly decision: SignInGrant | 'declined' | undefined
}

export interface DeviceCodes {
  issue(request: AuthorizationRequest): { readonly deviceCode: string; readonly userCode: string }
  find(deviceCode: string): Device | undefined
  /** Finds a device that still waits, by the code that the user typed. */
  waiting(userCode: string): Device | undefined
  decide(userCode: string, decision: SignInGrant | 'declined'): void
  /** Ends a device code, which serves once. */
  end(deviceCode: string): void
  clear(): void
}

/** Without vowels, so that no code is a word, and without letters that look like digits. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'
const USER_CODE_LENGTH = 9

export function createDeviceCodes(): DeviceCodes {
  const devices = new Map<string, Device>()
  const byUserCode = (userCode: string) =>
    [...devices].find(([, device]) => device.userCode === userCode.trim().toUpperCase())
  return {
    issue(request) {
      const deviceCode = randomBytes(48).toString('base64url')
      const userCode = newUserCode()
      devices.set(deviceCode, { userCode, request, issuedAtMs: Date.now(), decision: undefined })
      return { deviceCode, userCode }
    },
    find: (deviceCode) => devices.get(deviceCode),
    waiting(userCode) {
      const device = byUserCode(userCode)?.[1]
      return device?.decision === undefined ? device : undefined
    },
    decide(userCode, decision) {
      const [deviceCode, device] = byUserCode(userCode) ?? []
      if (deviceCode !== undefined && device) devices.set(deviceCode, { ...device, decision })
    },
    end: (deviceCode) => void devices.delete(deviceCode),
    clear: () => devices.clear(),
  }
}

const newUserCode = (): string =>
  Array.from({ length: USER_CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')
