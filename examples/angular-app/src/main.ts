import { inject, provideEnvironmentInitializer } from '@angular/core'
import { createApplication } from '@angular/platform-browser'
import { provideRouter, Router } from '@angular/router'
import { accountGuard, provideCarnet } from '@carnet/angular'
import { bindRouter } from '@carnet/browser/guards'
import { auth } from './auth.ts'
import { Home, Profile, Report, Token } from './pages.ts'
import { Shell } from './shell.ts'

const routes = [
  { path: '', component: Home },
  { path: 'profile', component: Profile, canActivate: [accountGuard()] },
  { path: 'token', component: Token },
  { path: 'report', component: Report },
].map((route) => ({ ...route, runGuardsAndResolvers: 'always' as const }))

/** Runs the guards again when the account changes. */
function watchAccount() {
  const router = inject(Router)
  bindRouter(auth, () => router.navigateByUrl(router.url, { onSameUrlNavigation: 'reload' }))
}

for (const element of document.querySelectorAll('.app'))
  createApplication({
    providers: [
      provideCarnet(auth),
      provideRouter(routes),
      provideEnvironmentInitializer(watchAccount),
    ],
  }).then((app) => app.bootstrap(Shell, element), console.error)
