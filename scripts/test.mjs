/** Runs all checks and tests. The last line counts passed and failed tests. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { failedTests } from './failed-tests.mjs'
import { playwrightRemarks } from './playwright-remarks.mjs'
import { ensureRedis } from './redis.mjs'
import { install, repository, run, start, startTool, tool } from './run.mjs'

const reports = `${repository}/.cache/reports`
rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })

const reportOf = (name) => `${reports}/${name}.json`

const totals = { passed: 0, failed: 0 }
const failures = []
/** The remarks for the reader of the totals. */
const remarks = []
/** The failed tests with their messages. They stand at the end, because a CI often shows only the end of a log. */
const details = []

/** Runs a step that is not a test. It counts only if it fails. */
function check(name, step) {
  const ok = step()
  if (!ok) {
    totals.failed += 1
    failures.push(name)
  }
  return ok
}

function readReport(name) {
  try {
    return JSON.parse(readFileSync(reportOf(name), 'utf8'))
  } catch {
    return undefined
  }
}

/** Runs tests and adds the counts of their report. A run without a report counts as a failure. */
function tests(name, start, count) {
  counted(name, start(reportOf(name)), count)
}

/** Adds the counts of the report of tests that ran. */
function counted(name, ok, count) {
  const report = readReport(name)
  const { passed, failed } = report ? count(report) : { passed: 0, failed: 0 }
  totals.passed += passed
  totals.failed += failed
  if (report) details.push(...failedTests(report))
  const silentFailure = failed === 0 && (!ok || passed === 0)
  if (silentFailure) totals.failed += 1
  if (failed > 0 || silentFailure) failures.push(name)
}

const vitestOptions = (projects, outputFile) => [
  'run',
  ...projects.flatMap((project) => ['--project', project]),
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${outputFile}`,
]
const vitest =
  (...projects) =>
  (outputFile) =>
    tool('vitest', vitestOptions(projects, outputFile))
const countVitest = ({ numPassedTests, numFailedTests, testResults }) => ({
  passed: numPassedTests,
  // A test file that fails to load reports no failed test.
  failed: Math.max(numFailedTests, testResults.filter(({ status }) => status === 'failed').length),
})

const WITH_REDIS = 'tests with Redis'
const startRedisTests = () =>
  startTool('vitest', vitestOptions(['redis'], reportOf(WITH_REDIS)), `${reports}/redis.log`)

const WITH_KERBEROS = 'tests with Kerberos'
/** Installs Kerberos too, which takes long. */
const startKerberosTests = () =>
  start(
    'node',
    ['scripts/kerberos-tests.mjs', ...vitestOptions(['kerberos'], reportOf(WITH_KERBEROS))],
    `${reports}/kerberos.log`,
  )

const playwright = (outputFile) =>
  tool('playwright', ['test', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_FILE: outputFile })
function countPlaywright({ stats, suites, errors }) {
  remarks.push(...playwrightRemarks(suites))
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length }
}

if (check('install', install)) {
  check('browser', () => run('node', ['scripts/ensure-browser.mjs']))
  check('lint', () => tool('biome', ['check', '--error-on-warnings', '.']))
  check('types', () => run('npm', ['run', '--silent', 'types']))
  const built = check('build', () => run('node', ['scripts/build.mjs']))
  const sizes = built ? start('node', ['scripts/size.mjs'], `${reports}/size.log`) : undefined
  // These tests mostly wait for their servers and processes, so other tests run meanwhile.
  const redisTests = ensureRedis() ? startRedisTests() : undefined
  const kerberosTests = startKerberosTests()
  tests('unit', vitest('unit'), countVitest)
  // The bindings also run with other versions of their frameworks.
  tests('browser tests', vitest('browser', 'react-18', 'vue-router-5'), countVitest)
  const areSizesGood = !sizes || (await sizes())
  check('size', () => areSizesGood)
  if (redisTests) counted(WITH_REDIS, await redisTests(), countVitest)
  else
    remarks.push(
      'Not run: the tests with Redis, because redis-server is not there (all *.redis.test.ts).',
    )
  const isKerberosOk = await kerberosTests()
  if (!isKerberosOk || readReport(WITH_KERBEROS)) counted(WITH_KERBEROS, isKerberosOk, countVitest)
  else
    remarks.push(
      'Not run: the tests with Kerberos, because a KDC or the binding of the package kerberos is not there (all *.kerberos.test.ts).',
    )
  // Without the built pages, every story would wait for its full timeout.
  if (built) tests('stories', playwright, countPlaywright)
  else console.log('\nThe stories did not run, because the build failed.')
}

if (remarks.length > 0) console.log(`\n${remarks.join('\n')}`)
if (details.length > 0) console.log(`\n${details.join('\n')}`)
if (failures.length > 0) console.log(`\nFailed: ${failures.join(', ')}`)
console.log(`\n${totals.passed} passed, ${totals.failed} failed`)
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1)
