import type { Settings } from '../../model/settings.ts'
import type { Device } from '../state/device-codes.ts'

/** True if the code has outlived the present setting. */
export const isExpired = (
  { issuedAtMs }: Pick<Device, 'issuedAtMs'>,
  { deviceCodeLifetime }: Pick<Settings, 'deviceCodeLifetime'>,
): boolean => Date.now() >= issuedAtMs + deviceCodeLifetime * 1000
