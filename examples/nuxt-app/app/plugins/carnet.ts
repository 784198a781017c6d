import { createAuthClient } from '@carnet/browser'
import { createCarnet } from '@carnet/vue'
import { accountGuard } from '@carnet/vue/router'

export default defineNuxtPlugin({
  // The client removes the response from the URL before the router reads it.
  enforce: 'pre',
  setup({ vueApp }) {
    const { authority } = useRuntimeConfig().public
    const auth = import.meta.client
      ? createAuthClient({ clientId: 'spa', authority, redirectUri: '/' })
      : undefined
    vueApp.use(createCarnet(auth))
    addRouteMiddleware('account', accountGuard(auth) as never)
  },
})
