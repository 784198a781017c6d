import { ensureChromium } from './browser.mjs'

console.log(`Testing in ${ensureChromium()}`)
