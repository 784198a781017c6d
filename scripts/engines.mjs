/** Finds or installs Firefox and WebKit for tests: Playwright's browsers if available, otherwise the system's. */
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { firefox, webkit } from 'playwright'
import { canUseApt, downloadByPlaywright, installByApt } from './install-browser.mjs'

const FIREFOX_PATHS = [
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
]

/** The parent folders of `MiniBrowser`. Its path contains the architecture and the version of the API. */
const MINI_BROWSER_FOLDERS = ['/usr/lib', '/usr/libexec', '/usr/lib64']

/**
 * The Firefox for tests, or `undefined`. The order is: the program in `CARNET_FIREFOX`, Playwright's Firefox, the
 * system's Firefox.
 *
 * @returns {{ by: 'playwright' } | { by: 'system', program: string } | undefined}
 */
export function findFirefox() {
  const named = process.env.CARNET_FIREFOX
  if (named) return { by: 'system', program: named }
  if (existsSync(firefox.executablePath())) return { by: 'playwright' }
  const program = onPath('firefox-esr') ?? onPath('firefox') ?? FIREFOX_PATHS.find(existsSync)
  return program ? { by: 'system', program } : undefined
}

/**
 * The WebKit for tests, or `undefined`. The order is: the `MiniBrowser` in `CARNET_WEBKIT`, Playwright's WebKit, the
 * system's WebKit. The system's WebKit needs `WebKitWebDriver`, and a screen or `Xvfb`.
 *
 * @returns {{ by: 'playwright' } | { by: 'system', browser: string, driver: string, screen: string | undefined } | undefined}
 */
export function findWebKit() {
  const named = process.env.CARNET_WEBKIT
  if (!named && existsSync(webkit.executablePath())) return { by: 'playwright' }
  const browser = named || findMiniBrowser()
  const driver = onPath('WebKitWebDriver')
  const screen = onPath('Xvfb')
  const isComplete = browser && driver && (screen || process.env.DISPLAY)
  return isComplete ? { by: 'system', browser, driver, screen } : undefined
}

/** The other engines: their names, their search functions and their packages. */
const engines = [
  { name: 'firefox', find: findFirefox, packages: ['firefox-esr'] },
  { name: 'webkit', find: findWebKit, packages: ['webkit2gtk-driver', 'xvfb'] },
]

/**
 * Installs missing engines. A failure is allowed: the stories of a missing engine are skipped, and the report names
 * the engine.
 */
export function ensureEngines() {
  for (const { name, find, packages } of engines) {
    if (!find()) downloadByPlaywright(name)
    if (!find() && canUseApt()) installByApt(packages, ['--no-install-recommends'])
    const found = find()
    console.log(
      found
        ? `Testing in ${found.program ?? found.browser ?? `Playwright's ${name}`}`
        : `No ${name} could be found or installed.`,
    )
  }
}

function findMiniBrowser() {
  const folders = MINI_BROWSER_FOLDERS.filter(existsSync).flatMap((folder) => [
    folder,
    ...readdirSync(folder).map((name) => join(folder, name)),
  ])
  return folders
    .flatMap((folder) =>
      ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0'].map((name) =>
        join(folder, name, 'MiniBrowser'),
      ),
    )
    .find(existsSync)
}

/** Finds a program on the PATH. */
function onPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find(existsSync)
}
