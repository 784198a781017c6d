import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core'
import { ActivatedRoute } from '@angular/router'
import {
  injectAccount,
  injectApi,
  injectAuth,
  injectToken,
  SignedIn,
  SignedOut,
} from '@carnet/angular'
import { isAuthError, isInteractionRequired } from '@carnet/browser'
import { rendered, report } from './auth.ts'

/** Runs a call of the client. The session has its error. */
export const run = (call?: Promise<unknown>) => void call?.catch(() => undefined)

@Component({
  imports: [SignedIn, SignedOut],
  template: `
    <ng-container *carnetSignedIn="let account">
      <p>Signed in as {{ account.username }}</p>
      <button (click)="run(client()?.signOut())">Sign out</button>
      <button (click)="popUp('select_account')">Add an account</button>
      @for (one of accounts(); track one.id) {
        <button (click)="client()?.setActiveAccount(one)">Use {{ one.username }}</button>
      }
    </ng-container>
    <ng-container *carnetSignedOut>
      <button (click)="run(client()?.signIn())">Sign in</button>
      <button (click)="popUp()">Sign in with a popup</button>
    </ng-container>
  `,
})
export class Home {
  readonly run = run
  readonly client = injectAuth().client
  readonly accounts = injectAuth().accounts
  readonly popUp = (prompt?: string) => run(this.client()?.signIn({ interaction: 'popup', prompt }))
}

@Component({ template: '<p>Profile of {{ account()?.username }} {{ query }}</p>' })
export class Profile {
  readonly account = injectAccount()
  readonly query = `?${new URLSearchParams(inject(ActivatedRoute).snapshot.queryParams)}`
}

@Component({
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    {{ rendered('Token') }}
    @if (token.error(); as error) {
      @if (requestOf(error); as request) {
        <button (click)="run(client()?.acquireTokenPopup(request))">Allow</button>
      } @else {
        <p role="alert">{{ codeOf(error) }}</p>
      }
    } @else if (token.value(); as result) {
      <p>Token until {{ result.expiresOn.toISOString() }}</p>
    }
  `,
})
export class Token {
  readonly run = run
  readonly rendered = rendered
  readonly client = injectAuth().client
  readonly #scope = inject(ActivatedRoute).snapshot.queryParamMap.get('scope')
  readonly token = injectToken(() => ({ scopes: [this.#scope ?? 'calendar.read'] }))
  readonly codeOf = (error: unknown) => (isAuthError(error) ? error.code : `${error}`)
  readonly requestOf = (error: unknown) => isInteractionRequired(error) && error.request
}

@Component({ selector: 'app-answer', template: '<p>Report: {{ text() }}</p>' })
class Answer {
  readonly text = signal('')
  constructor() {
    injectApi()(report).then(
      ({ status }) => this.text.set(`${status}`),
      ({ code }) => this.text.set(code),
    )
  }
}

@Component({
  imports: [Answer],
  template: `
    <button (click)="shown.set(!shown())">{{ shown() ? 'Hide' : 'Show' }} the report</button>
    @if (shown()) {
      <app-answer />
    }
  `,
})
export class Report {
  readonly shown = signal(false)
}
