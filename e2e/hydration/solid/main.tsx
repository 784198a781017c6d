/** @jsxImportSource solid-js */
import { hydrate } from 'solid-js/web'
import { startedClient } from '../client.ts'
import { Page } from './app.tsx'

const client = await startedClient()
const root = document.querySelector('#app')
if (root) hydrate(() => <Page client={client} />, root)
