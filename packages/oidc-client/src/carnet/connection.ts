import { type AuthClient, createAuthClient } from '@carnet/browser'
import { type ClientSettings, clientOptions } from './client-options.ts'
import { migrate } from './migrate.ts'

/** Gets the URL of a request before the page is left. False keeps the page. */
export type Leave = (url: string) => Promise<boolean>

/** A Carnet client, and the function that decides about its next navigation. */
export interface Connection {
  readonly auth: AuthClient
  /**
   * Runs `call` with a function for its navigation. Calls run one after the other until their navigations, so that each meets its
   * own function.
   */
  leaving<T>(leave: Leave | undefined, call: () => Promise<T>): Promise<T>
}

/** The clients of the page. Managers with the same settings share one, because React may create a manager twice. */
const connections = new Map<string, Promise<Connection>>()

/** Opens the client for the settings of a manager, or returns the open client. */
export function connect(settings: ClientSettings): Promise<Connection> {
  const options = clientOptions(settings)
  const key = options.fetch ? undefined : JSON.stringify(options)
  const open = key === undefined ? undefined : connections.get(key)
  if (open !== undefined) return open
  const opening = openConnection(options, settings)
  if (key !== undefined) {
    connections.set(key, opening)
    // A later call may succeed, for example when the network is back.
    opening.catch(() => connections.delete(key))
  }
  return opening
}

async function openConnection(
  options: ReturnType<typeof clientOptions>,
  settings: ClientSettings,
): Promise<Connection> {
  const moved = await migrate(options, settings)
  let current: { leave: Leave | undefined; asked: () => void } | undefined
  let turn: Promise<unknown> = Promise.resolve()

  const leave = async (url: string): Promise<boolean> => {
    const departing = current
    // A later navigation, such as a second attempt of a request, is Carnet's own.
    current = undefined
    departing?.asked()
    return (await departing?.leave?.(url)) ?? true
  }

  const auth = await createAuthClient({
    ...options,
    interaction: { ...options.interaction, leave },
  })
  await moved?.(auth)
  return {
    auth,
    leaving(ownLeave, call) {
      const result = turn.then(() => {
        const asked = new Promise<void>((resolve) => {
          current = { leave: ownLeave, asked: resolve }
        })
        const mine = current
        const running = call().finally(() => {
          if (current === mine) current = undefined
        })
        turn = Promise.race([asked, running.catch(() => undefined)])
        return running
      })
      return result
    },
  }
}
