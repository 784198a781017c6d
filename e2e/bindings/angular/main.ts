import { Component, inject, provideEnvironmentInitializer } from '@angular/core'
import { createApplication } from '@angular/platform-browser'
import { provideRouter, Router, RouterLink } from '@angular/router'
import { provideCarnet } from '@carnet/angular'
import { bindRouter } from '@carnet/browser/guards'
import { App, routes } from '../../../examples/angular-app/src/app.ts'
import { auth } from '../../../examples/angular-app/src/auth.ts'
import { Accounts, Report, ScopedToken } from './pages.ts'
import { countRenders } from './renders.ts'

/** The example, with more links and buttons. */
@Component({
  imports: [Accounts, App, RouterLink],
  template: `<app-root /> <a routerLink="/report">Report</a> <suite-accounts /> <p>{{ router.url }}</p>`,
})
class Suite {
  readonly router = inject(Router)
}

const hasScope = () =>
  inject(Router).currentNavigation()?.extractedUrl.queryParamMap.has('scope') ?? false

const allRoutes = [
  { path: 'report', component: Report },
  { path: 'token', component: ScopedToken, canMatch: [hasScope] },
  ...routes,
].map((route) => ({ ...route, runGuardsAndResolvers: 'always' as const }))

/** Runs the guards again when the account changes. */
function watchAccount() {
  const router = inject(Router)
  bindRouter(auth, () => router.navigateByUrl(router.url, { onSameUrlNavigation: 'reload' }))
}

const start = () =>
  createApplication({
    providers: [
      provideCarnet(auth),
      provideRouter(allRoutes),
      provideEnvironmentInitializer(watchAccount),
    ],
  })

const elements = [...document.querySelectorAll('.app')]
const apps = await Promise.all(elements.map(start))
Object.assign(window, { auth, renders: countRenders({ App: 'Nav', Token: 'Token' }) })
for (const [index, app] of apps.entries()) app.bootstrap(Suite, elements[index])
