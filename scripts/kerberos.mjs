/** Finds and installs MIT Kerberos, and starts a key distribution centre (KDC) for tests. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.mjs'
import { canUseApt, installByApt } from './install-browser.mjs'
import { repository } from './run.mjs'

/** The realm of the KDC. */
export const REALM = 'CARNET.TEST'

const PROGRAMS = ['krb5kdc', 'kdb5_util', 'kadmin.local', 'kinit']
const PACKAGES = ['krb5-kdc', 'krb5-admin-server', 'krb5-user', 'libkrb5-dev']

function programPath(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, name)).find(existsSync)
}

const require = createRequire(`${repository}/packages/node/package.json`)

/** True if the package `kerberos` has its binding for this machine. */
function canLoadBinding() {
  const load = 'require("kerberos")'
  const { status } = spawnSync(process.execPath, ['-e', load], {
    cwd: `${repository}/packages/node`,
    stdio: 'ignore',
  })
  return status === 0
}

/** Builds the binding of the package `kerberos`. Installations run no scripts of dependencies, so this build is explicit. */
function buildBinding() {
  const folder = dirname(realpathSync(require.resolve('kerberos/package.json')))
  const npm = realpathSync(programPath('npm') ?? '')
  const gyp = join(dirname(npm), '../node_modules/node-gyp/bin/node-gyp.js')
  const prefix = join(dirname(process.execPath), '..')
  // Without the headers beside Node, node-gyp downloads them.
  const headers = existsSync(join(prefix, 'include/node/node_api.h')) ? [`--nodedir=${prefix}`] : []
  console.log('Building the package kerberos')
  spawnSync(process.execPath, [gyp, 'rebuild', '--silent', ...headers], {
    cwd: folder,
    stdio: 'inherit',
    timeout: 180_000,
  })
}

/** True if the tests with Kerberos can run. */
export const hasKerberos = () => PROGRAMS.every(programPath) && canLoadBinding()

/** Installs Kerberos if it is missing. A failure is allowed: the tests with Kerberos are skipped, and the report names them. */
export function ensureKerberos() {
  if (hasKerberos()) return true
  const isThere = PROGRAMS.every(programPath) && existsSync('/usr/include/gssapi/gssapi.h')
  if (!isThere && canUseApt()) installByApt(PACKAGES, ['--no-install-recommends'])
  try {
    if (PROGRAMS.every(programPath) && !canLoadBinding()) buildBinding()
  } catch (error) {
    console.log(String(error))
  }
  const found = hasKerberos()
  console.log(found ? 'Testing with MIT Kerberos' : 'Kerberos could not be found or installed.')
  return found
}

/**
 * Starts a KDC on a free port of 127.0.0.1, with all its files in a temporary folder.
 *
 * @param {{ users: readonly string[], services: readonly string[] }} principals Names without the realm.
 */
export async function startKdc({ users, services }) {
  const folder = mkdtempSync(join(tmpdir(), 'carnet-kdc-'))
  const file = (name) => join(folder, name)
  const port = await freePort()
  writeFileSync(file('krb5.conf'), clientConfiguration(port))
  writeFileSync(file('kdc.conf'), serverConfiguration(port, folder))
  mkdirSync(file('replays'))
  const env = {
    KRB5_CONFIG: file('krb5.conf'),
    KRB5_KDC_PROFILE: file('kdc.conf'),
    KRB5_KTNAME: `FILE:${file('service.keytab')}`,
    KRB5RCACHEDIR: file('replays'),
    KRB5CCNAME: `FILE:${file('no-tickets')}`,
  }
  const password = 'a password of this test'
  const run = (name, args, more = {}) => {
    const options = { env: { ...process.env, ...env, ...more.env }, input: more.input }
    const { status, stderr } = spawnSync(programPath(name), args, options)
    if (status !== 0) throw new Error(`${name} failed: ${stderr}`)
  }
  run('kdb5_util', ['create', '-s', '-r', REALM, '-P', 'the master password'])
  const commands = [
    ...users.map((user) => `add_principal -pw "${password}" ${user}`),
    ...services.map((service) => `add_principal -randkey ${service}`),
    ...services.map((service) => `ktadd -k ${file('service.keytab')} ${service}`),
  ]
  run('kadmin.local', ['-r', REALM], { input: `${commands.join('\n')}\nquit\n` })
  const child = spawn(programPath('krb5kdc'), ['-n', '-r', REALM], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  const ticketsOf = (user) => `FILE:${file(`tickets-${user}`)}`

  /** Signs a user in to the domain. Returns the value of `KRB5CCNAME` for programs of the user. */
  function signIn(user, options = []) {
    const more = { env: { KRB5CCNAME: ticketsOf(user) }, input: `${password}\n` }
    run('kinit', [...options, user], more)
    return ticketsOf(user)
  }

  await untilReady(child, () => signIn(users[0]))
  return {
    env,
    signIn,
    /** Stops the KDC, and deletes its folder. */
    async stop() {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const clientConfiguration = (port) => `[libdefaults]
  default_realm = ${REALM}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
[realms]
  ${REALM} = {
    kdc = 127.0.0.1:${port}
  }
[domain_realm]
  127.0.0.1 = ${REALM}
  localhost = ${REALM}
`

const serverConfiguration = (port, folder) => `[kdcdefaults]
  kdc_listen = 127.0.0.1:${port}
  kdc_tcp_listen = 127.0.0.1:${port}
[realms]
  ${REALM} = {
    database_name = ${folder}/principal
    key_stash_file = ${folder}/stash
    acl_file = ${folder}/acl
    max_life = 1h
  }
[logging]
  kdc = FILE:${folder}/kdc.log
`

const LONGEST_START_MS = 10_000

/** Waits until the KDC issues tickets. */
async function untilReady(child, attempt) {
  const untilMs = performance.now() + LONGEST_START_MS
  for (;;) {
    try {
      attempt()
      return
    } catch (error) {
      if (child.exitCode !== null || performance.now() > untilMs) throw error
      await sleep(20)
    }
  }
}
