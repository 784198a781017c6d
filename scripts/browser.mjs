/** Finds a Chromium to test with, or installs one. */
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

/** The same engine without windows: each story takes half the time in it. */
const SYSTEM_SHELL = '/usr/bin/chromium-headless-shell'

const isThere = (path) => path && existsSync(path)

/** The browser that will run, or `undefined` where there is none: Playwright's own comes first. */
export function findChromium() {
  const named = process.env.CARNET_CHROMIUM
  if (named) return named
  return [chromium.executablePath(), ...SYSTEM_BROWSERS].find(isThere)
}

/** Playwright finds its own shell by itself; a browser that was named is the one. */
function findShell() {
  const found = findChromium()
  if (found === chromium.executablePath()) return undefined
  return !process.env.CARNET_CHROMIUM && isThere(SYSTEM_SHELL) ? SYSTEM_SHELL : found
}

/**
 * Launch options for Playwright and Vitest.
 *
 * @param isWhole Whether it must be the browser that people have, with its settings, instead of the bare engine.
 */
export function chromiumOptions(isWhole = false) {
  const executablePath = isWhole ? findChromium() : findShell()
  return {
    ...(executablePath ? { executablePath } : {}),
    args: [
      // The sandbox refuses to run as root, which is what containers and CI machines run as.
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

/** Whether launch options are those of the bare engine: without a path, Playwright takes its own. */
export const isBareEngine = ({ executablePath = SYSTEM_SHELL }) => executablePath === SYSTEM_SHELL

/** Makes sure that there is a Chromium: Playwright's download, else the system's package. */
export function ensureChromium() {
  if (!findChromium()) downloadByPlaywright('chromium')
  if (!findChromium() && canUseApt()) installByApt(['chromium'])
  const found = findChromium()
  if (!found)
    throw new Error(
      'No Chromium could be found or installed. Install Chromium or Google Chrome, or name one in CARNET_CHROMIUM.',
    )
  // Of use, not needed.
  const isDebians = found === '/usr/bin/chromium' && canUseApt()
  if (isDebians && !isThere(SYSTEM_SHELL)) installByApt(['chromium-headless-shell'])
  return found
}
