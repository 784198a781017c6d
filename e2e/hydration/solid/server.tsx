/** @jsxImportSource solid-js */
import { generateHydrationScript, renderToStream } from 'solid-js/web'
import { Page } from './app.tsx'

export const head = generateHydrationScript()

/** Returns the whole stream. */
export const render = () =>
  new Promise<string>((resolve) => {
    let html = ''
    renderToStream(() => <Page client={undefined} />).pipe({
      write: (part: string) => {
        html += part
      },
      end: () => resolve(html),
    } as never)
  })
