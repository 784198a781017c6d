/** Finds or installs the Chromium for tests. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright'
import { canUseApt, downloadByPlaywright, installByApt } from './install-browser.mjs'

const SYSTEM_BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The headless shell of the same engine. It halves the time of the stories. */
const SYSTEM_SHELL = '/usr/bin/chromium-headless-shell'

const isThere = (path) => path && existsSync(path)

/** The path of the browser for tests, or `undefined`. Playwright's own browser has priority. */
export function findChromium() {
  const named = process.env.CARNET_CHROMIUM
  if (named) return named
  return [chromium.executablePath(), ...SYSTEM_BROWSERS].find(isThere)
}

/** The path of the headless shell. Playwright finds its own shell. CARNET_CHROMIUM overrides the system's shell. */
function findShell() {
  const found = findChromium()
  if (found === chromium.executablePath()) return undefined
  return !process.env.CARNET_CHROMIUM && isThere(SYSTEM_SHELL) ? SYSTEM_SHELL : found
}

/**
 * Launch options for Playwright and Vitest.
 *
 * @param isWhole True for the full browser with its settings, false for the headless shell.
 */
export function chromiumOptions(isWhole = false) {
  const executablePath = isWhole ? findChromium() : findShell()
  return {
    ...(executablePath ? { executablePath } : {}),
    args: [
      // The sandbox refuses to run as root, and containers and CI machines run as root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  }
}

/** True if the launch options select the headless shell. Without a path, Playwright uses its own shell. */
export const isBareEngine = ({ executablePath = SYSTEM_SHELL }) => executablePath === SYSTEM_SHELL

/** Installs Chromium if it is missing: by Playwright's download, or by the system's package. */
export function ensureChromium() {
  if (!findChromium()) downloadByPlaywright('chromium')
  if (!findChromium() && canUseApt()) installByApt(['chromium'])
  const found = findChromium()
  if (!found)
    throw new Error(
      'No Chromium could be found or installed. Install Chromium or Google Chrome, or set CARNET_CHROMIUM to the path of a browser.',
    )
  // The headless shell is optional.
  const isDebians = found === '/usr/bin/chromium' && canUseApt()
  if (isDebians && !isThere(SYSTEM_SHELL)) installByApt(['chromium-headless-shell'])
  return found
}
