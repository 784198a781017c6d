import { accountGuard, bindRouter } from '@carnet/vue/router'
import { createRouter, createWebHistory } from 'vue-router'
import { auth } from './auth.ts'
import Profile from './Profile.vue'

const routes = [
  { path: '/', name: 'home', components: {} },
  { path: '/profile', component: Profile, beforeEnter: accountGuard(auth) },
]
export const router = createRouter({ history: createWebHistory(), routes })
router.onError(() => router.replace({ path: '/', force: true }))
bindRouter(auth, router)
