import { svelte } from '@sveltejs/vite-plugin-svelte'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import type { PluginOption } from 'vite'
import solid from 'vite-plugin-solid'

/** The smallest app of a framework: it signs in by redirect, and greets the user. */
export interface FrameworkApp {
  readonly plugin: () => PluginOption
  /** The files by name. The first file is the entry. */
  readonly files: Readonly<Record<string, string>>
  /** True if the app has a guarded page, `/guarded`. */
  readonly hasGuard?: boolean
}

const CLIENT = (authority: string) => `import { createAuthClient } from '@carnet/browser'

const authority = ${JSON.stringify(authority)}
export const auth = createAuthClient({ clientId: 'spa', authority, redirectUri: '/' })
`

const VUE = {
  'main.ts': `import { createCarnet } from '@carnet/vue'
import { accountGuard } from '@carnet/vue/router'
import { createApp } from 'vue'
import { createRouter, createWebHistory, RouterView } from 'vue-router'
import App from './App.vue'
import { auth } from './auth'

const routes = [
  { path: '/', component: App },
  { path: '/guarded', component: App, beforeEnter: accountGuard(auth) },
]
const router = createRouter({ history: createWebHistory(), routes })
createApp(RouterView).use(createCarnet(auth)).use(router).mount('body')
`,
  'App.vue': `<script setup lang="ts">
import { SignedIn, SignedOut, useAuth } from '@carnet/vue'
const { client } = useAuth()
</script>
<template>
  <SignedOut><button @click="client?.signIn()">Sign in</button></SignedOut>
  <SignedIn v-slot="{ account }">Hello {{ account.username }}</SignedIn>
</template>
`,
}

const SVELTE = {
  'main.ts': `import { mount } from 'svelte'
import App from './App.svelte'

mount(App, { target: document.body })
`,
  'App.svelte': `<script>
  import { provideAuth, useAuth } from '@carnet/svelte'
  import { SignedIn, SignedOut } from '@carnet/svelte/components'
  import { auth } from './auth'
  provideAuth(auth)
  const session = useAuth()
</script>
<SignedOut><button onclick={() => session.client?.signIn()}>Sign in</button></SignedOut>
<SignedIn>{#snippet children(account)}Hello {account.username}{/snippet}</SignedIn>
`,
}

const SOLID = {
  'main.tsx': `import { AuthProvider, SignedIn, SignedOut, useAuth } from '@carnet/solid'
import { render } from 'solid-js/web'
import { auth } from './auth'

function App() {
  const session = useAuth()
  return (
    <>
      <SignedOut><button onClick={() => session.client?.signIn()}>Sign in</button></SignedOut>
      <SignedIn>{(account) => <p>Hello {account().username}</p>}</SignedIn>
    </>
  )
}
render(() => <AuthProvider client={auth}><App /></AuthProvider>, document.body)
`,
}

const REACT = {
  'main.tsx': `import { bindRouter, requireAccount } from '@carnet/browser/guards'
import { AuthProvider, SignedIn, SignedOut, useAccount, useAuth } from '@carnet/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createBrowserRouter, RouterProvider } from 'react-router'
import { auth } from './auth'

function App() {
  const { client } = useAuth()
  const account = useAccount()
  return (
    <>
      <SignedOut><button onClick={() => void client?.signIn()}>Sign in</button></SignedOut>
      <SignedIn>Hello {account?.username}</SignedIn>
    </>
  )
}
const HydrateFallback = () => <p>Loading</p>
const router = createBrowserRouter([
  { path: '/', Component: App },
  { path: '/guarded', loader: requireAccount(auth), Component: App, HydrateFallback },
])
bindRouter(auth, () => router.revalidate())
createRoot(document.body).render(
  <StrictMode>
    <AuthProvider client={auth}><RouterProvider router={router} /></AuthProvider>
  </StrictMode>,
)
`,
}

/** The apps, with the client of a provider. */
export const frameworkApps = (authority: string): Readonly<Record<string, FrameworkApp>> => {
  const client = { 'auth.ts': CLIENT(authority) }
  return {
    vue: { plugin: vue, files: { ...VUE, ...client }, hasGuard: true },
    svelte: { plugin: () => svelte({ configFile: false }), files: { ...SVELTE, ...client } },
    solid: { plugin: solid, files: { ...SOLID, ...client } },
    react: { plugin: react, files: { ...REACT, ...client }, hasGuard: true },
    'react-18': { plugin: react, files: { ...REACT, ...client }, hasGuard: true },
  }
}
