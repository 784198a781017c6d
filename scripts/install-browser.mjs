/** Installs browsers for tests, by Playwright's download or by Debian packages. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** The timeout for a connection. It is short, because Playwright tries several servers, each several times. */
const CONNECTION_TIMEOUT_MS = 5000

/** True after a failed download. The machine probably reaches no server, so another download would fail too. */
let isDownloadInVain = false

/** Lets Playwright download a browser. After a failed download, it does nothing. */
export function downloadByPlaywright(name) {
  if (isDownloadInVain) return
  const timeout = process.env.PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT ?? `${CONNECTION_TIMEOUT_MS}`
  const ok = attempt('npx', ['--no-install', 'playwright', 'install', name], {
    PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: timeout,
  })
  isDownloadInVain = !ok
  // A downloaded browser needs libraries from the packages of the system.
  if (ok && canUseApt()) attempt('npx', ['--no-install', 'playwright', 'install-deps', name])
}

/** True if this process may install Debian packages. */
export const canUseApt = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

/**
 * Installs Debian packages.
 *
 * @param options Additional options of `apt-get install`.
 */
export function installByApt(packages, options = []) {
  const patience = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20']
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' }
  attempt('apt-get', [...patience, 'update'], quiet)
  attempt('apt-get', [...patience, 'install', '-y', ...options, ...packages], quiet)
}

function attempt(command, args, env = {}) {
  console.log(`Trying: ${[command, ...args].join(' ')}`)
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...env },
  })
  return status === 0
}
