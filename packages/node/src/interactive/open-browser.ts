import { spawn } from 'node:child_process'
import { AuthError } from '@carnet/core'

/** The program that opens a URL. No shell reads the URL. */
const PROGRAMS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/**
 * Opens the browser of the system.
 *
 * @throws AuthError `browser_unavailable`
 */
export function openSystemBrowser(url: string): Promise<void> {
  const [program, ...fixed] = PROGRAMS[process.platform] ?? ['xdg-open']
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...fixed, url], { stdio: 'ignore', detached: true })
    const fail = (cause?: unknown) =>
      reject(
        new AuthError('browser_unavailable', `\`${program}\` could not open a browser.`, { cause }),
      )
    child.once('error', fail)
    child.once('exit', (code) => (code === 0 ? resolve() : fail()))
    // Some programs run as long as the browser.
    setTimeout(() => resolve(), 3000).unref()
    child.unref()
  })
}
