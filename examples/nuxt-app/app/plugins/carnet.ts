import { createAuthClient } from '@carnet/browser'
import { createCarnet } from '@carnet/vue'
import { accountGuard } from '@carnet/vue/router'

export default defineNuxtPlugin(({ vueApp }) => {
  const { authority } = useRuntimeConfig().public
  const auth = import.meta.client
    ? createAuthClient({ clientId: 'spa', authority, redirectUri: '/' })
    : undefined
  vueApp.use(createCarnet(auth))
  addRouteMiddleware('account', accountGuard(auth) as never)
})
