export function findChromium(): string | undefined
export function chromiumOptions(): { executablePath?: string; args: string[] }
export function ensureChromium(): string
