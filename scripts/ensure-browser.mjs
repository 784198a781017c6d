import { ensureChromium } from './browser.mjs'
import { ensureEngines } from './engines.mjs'

console.log(`Testing in ${ensureChromium()}`)
ensureEngines()
