import { Component } from '@angular/core'
import { provideClientHydration, withIncrementalHydration } from '@angular/platform-browser'
import { provideRouter, RouterOutlet } from '@angular/router'
import {
  accountGuard,
  injectAuth,
  injectToken,
  provideCarnet,
  RequireAccount,
  SignedIn,
  SignedOut,
} from '@carnet/angular'

/** A part that hydrates when the user clicks. Angular replays the click. */
@Component({
  selector: 'app-late',
  template: `<button (click)="auth.client()?.signIn()">Use another account</button>`,
})
class Late {
  readonly auth = injectAuth()
}

@Component({
  imports: [Late, SignedIn, SignedOut],
  template: `
    @if (auth.status() === 'unknown') {
      <p>Loading</p>
    } @else {
      <p>Started</p>
    }
    <p *carnetSignedIn="let account">Signed in as {{ account.username }}</p>
    <button *carnetSignedOut (click)="auth.client()?.signIn()">Sign in</button>
    @if (token.error()) {
      <p>No token</p>
    } @else if (token.value()) {
      <p>A token</p>
    }
    @defer (hydrate on interaction) {
      <app-late />
    }
  `,
})
class Page {
  readonly auth = injectAuth()
  readonly token = injectToken(() => ({ scopes: ['calendar.read'] }))
}

@Component({
  imports: [RequireAccount],
  template: `
    <p *carnetRequireAccount="let account; else: waiting">Only for {{ account.username }}</p>
    <ng-template #waiting><p>Wait</p></ng-template>
  `,
})
class Private {}

@Component({ selector: 'app-root', imports: [RouterOutlet], template: '<router-outlet />' })
export class App {}

/** The story sets the issuer, because it starts the provider after the build. */
const { issuer: authority = 'https://login.example.com' } = globalThis as { issuer?: string }

export const config = {
  providers: [
    provideCarnet({ clientId: 'spa', authority, redirectUri: '/', scopes: ['calendar.read'] }),
    provideClientHydration(withIncrementalHydration()),
    provideRouter([
      { path: '', component: Page },
      { path: 'private', component: Private },
      { path: 'mail', component: Page, canActivate: [accountGuard()] },
    ]),
  ],
}
