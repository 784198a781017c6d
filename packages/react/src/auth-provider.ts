'use client'
import { type ClientInput, createSource, type Source } from '@carnet/browser/snapshot'
import { createContext, createElement, type ReactElement, type ReactNode, useContext } from 'react'

const SourceContext = createContext<Source | undefined>(undefined)

export interface AuthProviderProps {
  /** The client, or the promise of `createAuthClient`. Create it once, outside React. `undefined` on a server. */
  readonly client: ClientInput
  readonly children?: ReactNode
}

/** Gives the components below it a client. It renders its children at once, also while the client starts. */
export function AuthProvider({ client, children }: AuthProviderProps): ReactElement {
  return createElement(SourceContext.Provider, { value: createSource(client) }, children)
}

/** The source of the nearest `AuthProvider`. */
export function useSource(): Source {
  const source = useContext(SourceContext)
  if (!source) throw new Error('Wrap the app in <AuthProvider client={…}> of @carnet/react.')
  return source
}
