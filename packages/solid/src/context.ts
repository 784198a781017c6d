import { type ClientInput, createSource, type Source } from '@carnet/browser/snapshot'
import { createComponent, createContext, type JSX, type ParentProps, useContext } from 'solid-js'

interface Provided {
  readonly client: ClientInput
  readonly source: Source
}

const Context = createContext<Provided>()

/**
 * Gives a client to all components in it. It starts no client.
 *
 * @param props.client The client, or the promise of `createAuthClient`: created once, outside the components. `undefined` on a
 * server. A later value is ignored.
 */
export function AuthProvider(props: ParentProps<{ client: ClientInput }>): JSX.Element {
  const { client } = props
  return createComponent(Context.Provider, {
    value: { client, source: createSource(client) },
    get children() {
      return props.children
    },
  })
}

/** Returns the client of the component. */
export function provided(): Provided {
  const found = useContext(Context)
  if (!found) throw new Error('There is no client: put the component into <AuthProvider>.')
  return found
}
