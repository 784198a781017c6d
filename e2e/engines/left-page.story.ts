import { createAppIn } from './app-in-a-tab.ts'
import { comes } from './drivers/driver.ts'
import { engineStory, expect } from './world.ts'

declare global {
  interface Window {
    /** Causes of `storageDegraded`. */
    troubles: string[]
  }
}

engineStory(
  'A page that is left while it writes holds up no other tab',
  async ({ engine, world: { idp, bareUrl } }) => {
    await idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
    const other = createAppIn(engine, await engine.openTab(bareUrl))
    const app = createAppIn(engine, await engine.openTab(bareUrl))
    await app.starts()
    await app.presses('signIn')
    await comes('The response', async () =>
      (await app.tab.url()).includes('state=') ? true : undefined,
    )
    expect((await app.starts()).username).toBe('alice@example.com')
    await app.tab.evaluate(watch)

    for (let round = 1; round <= 3; round++) {
      await other.starts()
      await other.tab.evaluate(watch)
      await other.tab.evaluate(writeOnAndOn)
      await other.tab.goTo(`${bareUrl}callback.html?left`)
      expect(await app.tab.evaluate(note, round)).toEqual({ noted: round, troubles: [] })
      await other.tab.goTo(bareUrl)
    }
  },
)

/** Collects the troubles of storage. */
function watch(): void {
  window.troubles = []
  window.auth.on('storageDegraded', ({ cause }) => window.troubles.push(String(cause)))
}

/** Writes until the page is left. */
async function writeOnAndOn(): Promise<void> {
  let count = 0
  const next = (): Promise<void> => window.auth.setAccountData('count', ++count).then(next)
  void next()
  // The page is left in the middle of its work, and not before its first write.
  while (count < 5) await new Promise((resolve) => setTimeout(resolve, 10))
}

async function note(round: number): Promise<{ noted: unknown; troubles: string[] }> {
  await window.auth.setAccountData('note', round)
  return { noted: await window.auth.getAccountData('note'), troubles: window.troubles }
}
