import { hydrate } from 'svelte'
import { startedClient } from '../client.ts'
import Page from './Page.svelte'

const client = await startedClient()
const target = document.querySelector('#app')
if (target) hydrate(Page, { target, props: { client } })
