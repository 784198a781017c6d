/** @jsxImportSource solid-js */
import { generateHydrationScript, renderToString } from 'solid-js/web'
import { Page } from './app.tsx'

export const head = generateHydrationScript()
export const render = () => renderToString(() => <Page client={undefined} />)
