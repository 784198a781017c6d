/** Streams the page with the late part, which arrives when the promise resolves. */
import type { ServerResponse } from 'node:http'
import { lazy, version } from 'react'
import { renderToPipeableStream } from 'react-dom/server'
import { LatePart, page } from './page.ts'

export { version }

export function stream(
  response: ServerResponse,
  arrives: Promise<void>,
  onError: (error: unknown) => void,
): void {
  const Late = lazy(async () => {
    await arrives
    return { default: LatePart }
  })
  const { pipe } = renderToPipeableStream(page(undefined, Late), {
    bootstrapModules: ['/client.js'],
    onError,
    onShellReady: () => pipe(response),
  })
}
