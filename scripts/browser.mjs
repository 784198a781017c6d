/** Finds a Chromium to test with, or installs one. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from 'playwright'

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

/** The browser that will run, or `undefined` where there is none: Playwright's own comes first. */
export function findChromium() {
  const named = process.env.CARNET_CHROMIUM
  if (named) return named
  const own = chromium.executablePath()
  return [own, ...SYSTEM_BROWSERS].find((path) => path && existsSync(path))
}

/** Launch options for Playwright and Vitest. */
export function chromiumOptions() {
  const executablePath = findChromium()
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

/** Makes sure that there is a browser: Playwright's download, else the system's package. */
export function ensureChromium() {
  const found = findChromium()
  if (found) return found
  const attempts = [['npx', 'playwright', 'install', 'chromium']]
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    attempts.push(['apt-get', 'update'], ['apt-get', 'install', '-y', 'chromium'])
  }
  for (const [command, ...args] of attempts) {
    console.log(`No Chromium found. Trying: ${[command, ...args].join(' ')}`)
    spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' })
    const installed = findChromium()
    if (installed) return installed
  }
  throw new Error(
    'No Chromium could be found or installed. Install Chromium or Google Chrome, or name one in CARNET_CHROMIUM.',
  )
}
