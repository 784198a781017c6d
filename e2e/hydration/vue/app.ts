import type { ClientInput } from '@carnet/browser/snapshot'
import { createCarnet, RequireAccount, SignedIn, SignedOut, useAuth, useToken } from '@carnet/vue'
import { createSSRApp, h } from 'vue'

const Page = {
  setup() {
    // biome-ignore lint/correctness/useHookAtTopLevel: A component of Vue calls its composables in `setup`.
    const { status, client } = useAuth()
    // biome-ignore lint/correctness/useHookAtTopLevel: A component of Vue calls its composables in `setup`.
    const { token, error } = useToken({ scopes: ['calendar.read'] })
    return () =>
      h('main', [
        h('p', `${status.value}, ${client.value ? 'client' : 'no client'}`),
        h(SignedIn, () => h('p', 'signed in')),
        h(SignedOut, () => h('p', 'signed out')),
        h(RequireAccount, { interaction: 'none' }, { fallback: () => h('p', 'fallback') }),
        h('p', error.value?.code ?? (token.value ? 'token' : 'no token')),
      ])
  },
}

export const createPage = (client: ClientInput) => createSSRApp(Page).use(createCarnet(client))
