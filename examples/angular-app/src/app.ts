import { Component } from '@angular/core'
import { RouterLink, RouterOutlet } from '@angular/router'
import { accountGuard, injectAuth, injectToken, SignedIn, SignedOut } from '@carnet/angular'

@Component({
  selector: 'app-root',
  imports: [RouterLink, RouterOutlet, SignedIn, SignedOut],
  template: `
    <a routerLink="/">Home</a> <a routerLink="/profile">Profile</a> <a routerLink="/token">Token</a>
    <p *carnetSignedIn="let account">
      Signed in as {{ account.username }} <button (click)="auth.client()?.signOut()">Sign out</button>
    </p>
    <p *carnetSignedOut>
      <button (click)="signIn('redirect')">Sign in</button>
      <button (click)="signIn('popup')">Sign in with a popup</button>
    </p>
    @if (auth.error(); as error) { <p role="alert">{{ error.code }}</p> }
    <dialog [open]="auth.challenge() !== null">
      <button (click)="auth.challenge()?.resolve('popup')">Confirm</button>
      <button (click)="auth.challenge()?.refuse()">Refuse</button>
    </dialog>
    <router-outlet />
  `,
})
export class App {
  readonly auth = injectAuth()
  signIn(interaction: 'redirect' | 'popup') {
    // The session has the error.
    this.auth.ready.then((client) => client.signIn({ interaction })).catch(() => undefined)
  }
}

@Component({ template: '<p>Profile of {{ account()?.username }}</p>' })
export class Profile {
  readonly account = injectAuth().account
}

@Component({
  template: `
    @if (token.error(); as error) { <p role="alert">{{ error.message }}</p> }
    @else if (token.hasValue()) { <p>Token until {{ token.value().expiresOn.toISOString() }}</p> }
  `,
})
export class Token {
  readonly token = injectToken(() => ({ scopes: ['calendar.read'] }))
}

export const routes = [
  { path: 'profile', component: Profile, canActivate: [accountGuard()] },
  { path: 'token', component: Token },
]
