import { createCarnet } from '@carnet/vue'
import { accountGuard } from '@carnet/vue/router'
import { createApp } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import App from './App.vue'
import { auth } from './auth.ts'
import Home from './Home.vue'
import Profile from './Profile.vue'
import Report from './Report.vue'
import Token from './Token.vue'

const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: Home },
    { path: '/profile', component: Profile, beforeEnter: accountGuard(auth) },
    { path: '/token', component: Token },
    { path: '/report', component: Report },
  ],
})
router.onError(() => router.replace('/'))

Object.assign(window, { auth })
for (const element of document.querySelectorAll('.app'))
  createApp(App).use(createCarnet(auth)).use(router).mount(element)
