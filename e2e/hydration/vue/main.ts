import { startedClient } from '../client.ts'
import { createPage } from './app.ts'

createPage(await startedClient()).mount('#app')
