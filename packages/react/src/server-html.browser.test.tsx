import { renderToReadableStream } from 'react-dom/server.browser'
import { expect, test } from 'vitest'
import { AuthProvider, SignedOut } from './index.ts'
import { Who } from './testing/test-app.tsx'

test('the HTML of a server is that of an unknown session', async () => {
  const stream = await renderToReadableStream(
    <AuthProvider client={undefined}>
      <Who />
      <SignedOut>out</SignedOut>
    </AuthProvider>,
  )
  expect(await new Response(stream).text()).toBe('<p>unknown -</p>')
})
