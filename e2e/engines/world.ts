import { story } from '../world.ts'
import type { Engine, EngineName } from './drivers/driver.ts'
import { EngineMissing, openEngine } from './drivers/open-engine.ts'

/** A story for each engine, with its own browser. If an engine is missing, the report names it. */
export const engineStory = story.extend<{ engine: Engine }, { engineName: EngineName }>({
  engineName: ['chromium', { option: true, scope: 'worker' }],

  engine: async ({ engineName, world }, use, testInfo) => {
    await world.idp.control.reset()
    const engine = await openEngine(engineName).catch((error: unknown) => {
      if (!(error instanceof EngineMissing)) throw error
      testInfo.skip(true, error.message)
      throw error
    })
    console.log(`${testInfo.title}: ${engine.version}`)
    testInfo.annotations.push({ type: 'engine', description: engine.version })
    try {
      await use(engine)
    } finally {
      await engine.close()
    }
  },
})

export { expect } from '@playwright/test'
