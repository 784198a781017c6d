import { renderToString } from 'vue/server-renderer'
import { createPage } from './app.ts'

export const render = () => renderToString(createPage(undefined))
