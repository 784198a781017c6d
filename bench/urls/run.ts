import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PAGE_ORIGIN, RESOURCE_URLS, TABLE_RESOURCES } from '@carnet/core/fakes'
import { chromium } from 'playwright'
import { build } from 'vite'
import { chromiumOptions } from '../../scripts/browser.mjs'
import { judge, type Sent, type Verdict } from './judge.ts'

declare const sendAll: (resources: object, urls: readonly string[]) => Promise<unknown>

/** Sends the URL table by the real matchers of other libraries, in a real page of its origin, and prints the verdicts. */
export async function runUrls(repository: string, { write }: { write: boolean }): Promise<void> {
  const script = await bundleOf(join(repository, 'bench/urls/peers.ts'))
  const browser = await chromium.launch(chromiumOptions())
  try {
    const page = await browser.newPage()
    await page.route('**/*', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
    )
    await page.goto(`${PAGE_ORIGIN}/`)
    await page.addScriptTag({ content: script, type: 'module' })
    await page.waitForFunction(() => 'sendAll' in globalThis)
    const urls = RESOURCE_URLS.map(([, url]) => url)
    const sent = (await page.evaluate(([resources, all]) => sendAll(resources, all), [
      TABLE_RESOURCES,
      urls,
    ] as const)) as Record<string, Sent[]>
    const about = { page: `${PAGE_ORIGIN}/`, origins: originsOf(Object.keys(TABLE_RESOURCES)) }
    const verdicts = Object.entries(sent).map(
      ([name, each]) => [name, judge(RESOURCE_URLS, each, about)] as const,
    )
    for (const [name, { led }] of verdicts) console.log(`${name}: ${led.join('; ') || 'none'}`)
    const table = tableOf(repository, verdicts)
    console.log(`\n${table}`)
    if (write) for (const file of ['README.md', 'bench/README.md']) fill(repository, file, table)
  } finally {
    await browser.close()
  }
}

const originsOf = (keys: readonly string[]) => [
  ...new Set(keys.map((key) => new URL(key, PAGE_ORIGIN).origin)),
]

/** Bundles the libraries into one script. */
async function bundleOf(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@carnet/source', 'module', 'browser', 'import', 'default'] },
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      rolldownOptions: { input: entry, output: { codeSplitting: false } },
    },
  })
  const { output } = [result].flat()[0] as { output: readonly { code?: string }[] }
  return output.map(({ code }) => code ?? '').join('\n')
}

function tableOf(
  repository: string,
  verdicts: readonly (readonly [name: string, Verdict])[],
): string {
  const versionOf = (name: string) =>
    JSON.parse(readFileSync(join(repository, 'node_modules', name, 'package.json'), 'utf8')).version
  const rows = verdicts.map(
    ([name, { otherOrigin, otherPath, otherToken, missing }]) =>
      `| ${name} ${versionOf(name)} | ${otherOrigin} | ${otherPath} | ${otherToken} | ${missing} |`,
  )
  return [
    `| of ${RESOURCE_URLS.length} URLs | token to another origin | token to another path | another token | no token |`,
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

/** Writes the table between the marks of a file. @throws If the marks are missing. */
function fill(repository: string, name: string, table: string): void {
  const file = join(repository, name)
  const text = readFileSync(file, 'utf8')
  const marked = /(<!-- urls -->\n)[\s\S]*?(\n<!-- \/urls -->)/
  if (!marked.test(text)) throw new Error(`${file} has no section with the mark "urls".`)
  writeFileSync(
    file,
    text.replace(marked, (_all, before, after) => `${before}\n${table}\n${after}`),
  )
}
