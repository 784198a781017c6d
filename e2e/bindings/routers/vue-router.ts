import type { AuthError } from '@carnet/browser'
import { createCarnet, useAuth } from '@carnet/vue'
import { accountGuard, bindRouter } from '@carnet/vue/router'
import { createApp, defineComponent, h, shallowRef } from 'vue'
import { createRouter, createWebHistory, RouterLink, RouterView, useRoute } from 'vue-router'
import { auth, base } from './auth.ts'

const Home = { render: () => h('p', 'Home page') }
const Profile = defineComponent(() => {
  const route = useRoute()
  return () => h('p', `Profile of ${route.meta.name}`)
})

const router = createRouter({
  history: createWebHistory(base),
  routes: [
    { path: '/', component: Home },
    { path: '/profile', component: Profile, meta: { isGuarded: true } },
  ],
})
const guard = accountGuard(auth)
router.beforeEach(async (to) => {
  to.meta.name = (await auth).activeAccount?.username ?? 'nobody'
})
router.beforeEach((to, from) =>
  to.meta.isGuarded ? guard.call(undefined, to, from, () => undefined) : undefined,
)
bindRouter(auth, router)

const failure = shallowRef<AuthError>()
router.onError((error) => {
  failure.value = error
})

function App() {
  const { client, account, accounts } = useAuth()
  const route = useRoute()
  const popUp = (prompt?: string) => client.value?.signIn({ interaction: 'popup', prompt })
  const acts = (): [string, () => unknown][] =>
    account.value
      ? [
          ['Sign out', () => client.value?.signOut()],
          ['Add an account', () => popUp('select_account')],
          ...accounts.value.map((one): [string, () => unknown] => [
            `Use ${one.username}`,
            () => client.value?.setActiveAccount(one),
          ]),
        ]
      : [
          ['Sign in', () => client.value?.signIn()],
          ['Sign in and open the profile', () => popUp()?.then(() => router.push('/profile'))],
        ]
  return () => [
    h(RouterLink, { to: '/' }, () => 'Home'),
    ' ',
    h(RouterLink, { to: '/profile' }, () => 'Profile'),
    failure.value && h('p', { role: 'alert' }, failure.value.code),
    h('p', `Signed in as ${account.value?.username ?? 'nobody'}, router: ${route.meta.name}`),
    // A click before the client has started would be lost.
    client.value && acts().map(([name, act]) => h('button', { onClick: () => void act() }, name)),
    h(RouterView),
  ]
}

createApp(defineComponent(App)).use(createCarnet(auth)).use(router).mount('.app')
