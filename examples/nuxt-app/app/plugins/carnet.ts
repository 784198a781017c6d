import { createAuthClient } from '@carnet/browser'
import { createCarnet } from '@carnet/vue'
import { accountGuard, bindRouter } from '@carnet/vue/router'

export default defineNuxtPlugin({
  // The client removes the response from the URL before the router reads it.
  enforce: 'pre',
  setup(nuxt) {
    const { authority } = useRuntimeConfig().public
    const auth = import.meta.client
      ? createAuthClient({ clientId: 'spa', authority, redirectUri: '/' })
      : undefined
    nuxt.vueApp.use(createCarnet(auth))
    addRouteMiddleware('account', accountGuard(auth) as never)
    // The router exists then, and its first navigation has not begun.
    if (auth) nuxt.hook('app:created', () => void bindRouter(auth, useRouter()))
  },
})
