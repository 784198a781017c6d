import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from '@playwright/test'
import { emptyFolder, installInto, packAll, run, type Tarball } from './pack.ts'

let tarballs: Tarball[]

test.beforeAll(async () => {
  tarballs = await packAll('npm', ['core', 'browser', 'vue'])
})

test.afterAll(() => rmSync(dirname(tarballs[0]?.file ?? ''), { recursive: true, force: true }))

/** The compiler reports each expected error that is not there. */
const COMPONENT = `<script setup lang="ts">
import { createAuthClient } from '@carnet/browser'
import { createCarnet, RequireAccount, SignedIn, SignedOut, useAuth, useToken } from '@carnet/vue'
import { accountGuard, bindRouter } from '@carnet/vue/router'
import { createApp } from 'vue'
import { createRouter, createWebHistory, RouterView } from 'vue-router'

const auth = createAuthClient({ clientId: 'spa', authority: 'https://login.example.com' })
const routes = [{ path: '/', component: RouterView, beforeEnter: accountGuard(auth) }]
const router = createRouter({ history: createWebHistory(), routes })
router.beforeEach(accountGuard(auth, { interaction: 'popup' }))
const stop: () => void = bindRouter(auth, router)
createApp(RouterView).use(createCarnet(auth)).use(router)
const { account, client } = useAuth()
const { token } = useToken({ scopes: ['a'] })
</script>

<template>
  <SignedIn v-slot="{ account: one }">{{ one.username.length }} {{ token?.expiresOn.getTime() }}</SignedIn>
  <!-- @vue-expect-error The slot has an account only. -->
  <SignedIn v-slot="{ nothing }">{{ nothing }}</SignedIn>
  <SignedOut><button @click="client?.signIn()">Sign in</button></SignedOut>
  <RequireAccount interaction="popup" return-to="/x" :request="{ scopes: ['a'] }">
    <template #default="{ account: one }">{{ one.id }} <button @click="stop">Stop</button></template>
    <template #fallback>waits</template>
  </RequireAccount>
  <!-- @vue-expect-error An iframe cannot ask the user. -->
  <RequireAccount interaction="iframe" />
  <!-- @vue-expect-error The account may be null. -->
  {{ account.username }}
</template>
`

const COMPILER_OPTIONS = {
  ...{ noEmit: true, strict: true, skipLibCheck: true, types: [] },
  ...{ target: 'es2022', module: 'esnext', moduleResolution: 'bundler', lib: ['es2023', 'dom'] },
}

for (const router of ['vue-router@4.6.4', 'vue-router@5.5.1'])
  test(`vue-tsc checks templates, with ${router}`, async () => {
    // vue-tsc needs a compiler that is written in JavaScript, as TypeScript 5 is.
    const others = [router, 'vue-tsc@3.3.14', 'typescript@5.9.3']
    const folder = await installInto(emptyFolder(), tarballs, others)
    writeFileSync(join(folder, 'App.vue'), COMPONENT)
    const config = {
      compilerOptions: COMPILER_OPTIONS,
      vueCompilerOptions: { strictTemplates: true },
      files: ['App.vue'],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const compiler = join(folder, 'node_modules/vue-tsc/bin/vue-tsc.js')
    expect(await run(process.execPath, [compiler], folder)).toBe('')
    // Versions of Vue disagree on the parameters of this type, and a type with an error would be `any`.
    const components = join(folder, 'node_modules/@carnet/vue/dist/components.d.ts')
    expect(readFileSync(components, 'utf8')).not.toContain('DefineComponent<')
    rmSync(folder, { recursive: true, force: true })
  })
