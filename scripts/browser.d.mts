export function findChromium(): string | undefined
export function chromiumOptions(isWhole?: boolean): { executablePath?: string; args: string[] }
export function ensureChromium(): string
export function isBareEngine(options: { executablePath?: string }): boolean
