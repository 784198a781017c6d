/** Installs browsers for tests: by Playwright's download, or by Debian's packages. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** A server that does not answer is given up after this time; Playwright tries several, several times. */
const CONNECTION_TIMEOUT_MS = 5000

/** A machine that reaches no server for one browser reaches none for the next. */
let isDownloadInVain = false

/** Lets Playwright download a browser. Nothing happens after a download that failed. */
export function downloadByPlaywright(name) {
  if (isDownloadInVain) return
  const timeout = process.env.PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT ?? `${CONNECTION_TIMEOUT_MS}`
  const ok = attempt('npx', ['--no-install', 'playwright', 'install', name], {
    PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: timeout,
  })
  isDownloadInVain = !ok
  // A browser that was downloaded needs libraries of the system.
  if (ok && canUseApt()) attempt('npx', ['--no-install', 'playwright', 'install-deps', name])
}

/** Whether this process may install Debian's packages. */
export const canUseApt = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

/**
 * Installs Debian's packages.
 *
 * @param options More options of `apt-get install`.
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
