import type { AuthClient } from '@carnet/browser'
import { type ComponentType, lazy, type ReactNode, Suspense, version } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToReadableStream } from 'react-dom/server.browser'
import { expect, test } from 'vitest'
import { AuthProvider, SignedIn, SignedOut } from './index.ts'
import { createClient, ending, Who } from './testing/test-app.tsx'

function Slow() {
  return (
    <>
      <b>slow</b>
      <Who />
    </>
  )
}

/** Streams the HTML of the server into an iframe, as a browser reads it, and hydrates it while it arrives. */
async function hydrate(
  page: (
    client: AuthClient | PromiseLike<AuthClient> | undefined,
    slow: ComponentType,
  ) => ReactNode,
  client: AuthClient | PromiseLike<AuthClient>,
) {
  let finish = () => undefined as unknown
  const arrives = new Promise<void>((resolve) => {
    finish = resolve
  })
  const OnServer = lazy(async () => {
    await arrives
    return { default: Slow }
  })
  const InPage = lazy(async () => ({ default: Slow }))
  const frame = document.body.appendChild(document.createElement('iframe'))
  const inner = frame.contentDocument as Document
  const stream = await renderToReadableStream(page(undefined, OnServer))
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  inner.open()
  inner.write('<!doctype html><div id="root">')
  const pump = async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read())
      inner.write(decoder.decode(part.value, { stream: true }))
    inner.write('</div>')
    inner.close()
  }
  const pumping = pump()
  await expect.poll(() => inner.body?.textContent).toContain('waits')
  const recovered: unknown[] = []
  const root = hydrateRoot(inner.getElementById('root') as HTMLElement, page(client, InPage), {
    onRecoverableError: (error) => recovered.push(error),
  })
  ending.push(() => {
    root.unmount()
    frame.remove()
  })
  return { text: () => inner.getElementById('root')?.textContent, finish, pumping, recovered }
}

// The server of React 19 streams nothing inside a page, so only React 18 is tested here.
const streams = test.runIf(version.startsWith('18.'))

for (const when of ['is there at once', 'starts while the stream arrives'])
  streams(`hydration of a streamed page recovers from nothing if the client ${when}`, async () => {
    const { client } = createClient()
    let open = (_: AuthClient) => undefined as unknown
    const starting = new Promise<AuthClient>((resolve) => {
      open = resolve
    })
    const isAtOnce = when === 'is there at once'
    const { text, finish, pumping, recovered } = await hydrate(
      (given, SlowPart) => (
        <AuthProvider client={given}>
          <Who />
          <SignedIn>
            <i>in</i>
          </SignedIn>
          <Suspense fallback={<u>waits</u>}>
            <SlowPart />
          </Suspense>
        </AuthProvider>
      ),
      isAtOnce ? client : starting,
    )
    open(client)
    await expect.poll(text).toContain('signedIn alicein')
    finish()
    await pumping
    await expect.poll(text).toContain('slowsignedIn alice')
    expect(recovered).toEqual([])
  })

test('the HTML of a server is that of an unknown session, and a token needs a page', async () => {
  const stream = await renderToReadableStream(
    <AuthProvider client={undefined}>
      <Who />
      <SignedOut>out</SignedOut>
    </AuthProvider>,
  )
  expect(await new Response(stream).text()).toBe('<p>unknown -</p>')
})
