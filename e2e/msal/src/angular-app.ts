/** An app of `@azure/msal-angular`: a guarded route, and a request of the interceptor. */
import { APP_BASE_HREF } from '@angular/common'
import {
  HTTP_INTERCEPTORS,
  HttpClient,
  provideHttpClient,
  withInterceptorsFromDi,
} from '@angular/common/http'
import { Component, inject, provideZonelessChangeDetection, signal } from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import { provideRouter, Router, RouterOutlet, withHashLocation } from '@angular/router'
import {
  MSAL_GUARD_CONFIG,
  MSAL_INSTANCE,
  MSAL_INTERCEPTOR_CONFIG,
  MsalBroadcastService,
  MsalGuard,
  MsalInterceptor,
  MsalService,
} from '@azure/msal-angular'
import {
  InteractionStatus,
  InteractionType,
  type IPublicClientApplication,
  PublicClientApplication,
} from '@azure/msal-browser'
import { configurationOf } from './configuration.ts'

const SCOPES = ['User.Read']
const configuration = configurationOf('angular.html')
const PAGE = location.href.split(/[?#]/)[0]
const GRAPH = sessionStorage.getItem('graph') ?? ''

@Component({ selector: 'app-home', template: '<p>Everybody sees this.</p>' })
class Home {}

@Component({ selector: 'app-profile', template: '<p>Hello, {{ name() }}.</p>' })
class Profile {
  readonly name = signal('…')
  constructor() {
    inject(HttpClient)
      .get<{ displayName: string }>(`${GRAPH}/me`)
      .subscribe({
        next: ({ displayName }) => this.name.set(displayName),
        error: ({ status }) => this.name.set(`error ${status}`),
      })
  }
}

@Component({
  selector: '#root',
  imports: [RouterOutlet],
  template: `
    <p role="status">{{ status() }}</p>
    <button type="button" (click)="open()">Profile</button>
    <button type="button" (click)="signOut()">Sign out</button>
    <router-outlet />
  `,
})
class App {
  readonly status = signal('startup')
  readonly #router = inject(Router)
  readonly #service = inject(MsalService)
  constructor() {
    this.#service.handleRedirectObservable().subscribe({ error: console.error })
    inject(MsalBroadcastService).inProgress$.subscribe((status) => {
      const accounts = this.#service.instance.getAllAccounts()
      const isReady = status === InteractionStatus.None
      this.status.set(isReady ? `${accounts.length} accounts` : status)
    })
  }
  open(): void {
    void this.#router.navigateByUrl('/profile')
  }
  signOut(): void {
    this.#service.logoutRedirect({ account: this.#service.instance.getAllAccounts()[0] ?? null })
  }
}

const start = async () => {
  const instance: IPublicClientApplication = new PublicClientApplication(configuration)
  await instance.initialize()
  await bootstrapApplication(App, {
    providers: [
      provideZonelessChangeDetection(),
      provideRouter(
        [
          { path: '', component: Home },
          { path: 'profile', component: Profile, canActivate: [MsalGuard] },
          { path: '**', component: Home },
        ],
        withHashLocation(),
      ),
      provideHttpClient(withInterceptorsFromDi()),
      { provide: HTTP_INTERCEPTORS, useClass: MsalInterceptor, multi: true },
      { provide: MSAL_INSTANCE, useValue: instance },
      {
        provide: MSAL_GUARD_CONFIG,
        useValue: {
          interactionType: InteractionType.Redirect,
          authRequest: { scopes: SCOPES, redirectStartPage: `${PAGE}#/profile` },
        },
      },
      {
        provide: MSAL_INTERCEPTOR_CONFIG,
        useValue: {
          interactionType: InteractionType.Redirect,
          protectedResourceMap: new Map([[`${GRAPH}/me`, SCOPES]]),
        },
      },
      // The fragment belongs to the router, so the page needs no base URL.
      { provide: APP_BASE_HREF, useValue: '' },
      MsalService,
      MsalGuard,
      MsalBroadcastService,
    ],
  })
}
start().catch(console.error)
