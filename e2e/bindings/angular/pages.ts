import { Component, inject, signal } from '@angular/core'
import { ActivatedRoute } from '@angular/router'
import { injectApi, injectAuth, injectToken } from '@carnet/angular'
import { isAuthError, isInteractionRequired } from '@carnet/browser'

/** Adds accounts, and changes the active account. */
@Component({
  selector: 'suite-accounts',
  template: `
    @if (auth.account()) {
      <button (click)="add()">Add an account</button>
    }
    @for (one of auth.accounts(); track one.id) {
      <button (click)="auth.client()?.setActiveAccount(one)">Use {{ one.username }}</button>
    }
  `,
})
export class Accounts {
  readonly auth = injectAuth()
  readonly add = () =>
    this.auth.client()?.signIn({ interaction: 'popup', prompt: 'select_account' })
}

/** The token for the scope in the query. */
@Component({
  template: `
    @if (token.error(); as error) {
      @if (requestOf(error); as request) {
        <button (click)="auth.client()?.acquireTokenPopup(request)">Allow</button>
      } @else {
        <p role="alert">{{ codeOf(error) }}</p>
      }
    } @else if (token.value(); as result) {
      <p>Token until {{ result.expiresOn.toISOString() }}</p>
    }
  `,
})
export class ScopedToken {
  readonly auth = injectAuth()
  readonly #scope = inject(ActivatedRoute).snapshot.queryParamMap.get('scope') ?? ''
  readonly token = injectToken(() => ({ scopes: [this.#scope] }))
  readonly codeOf = (error: unknown) => (isAuthError(error) ? error.code : `${error}`)
  readonly requestOf = (error: unknown) => isInteractionRequired(error) && error.request
}

@Component({ selector: 'suite-answer', template: '<p>Report: {{ text() }}</p>' })
class Answer {
  readonly text = signal('')
  constructor() {
    const meta = document.querySelector<HTMLMetaElement>('meta[name=carnet-authority]')
    injectApi()(`${meta?.content}/api/step-up`).then(
      ({ status }) => this.text.set(`${status}`),
      ({ code }) => this.text.set(code),
    )
  }
}

/** A component that calls an API, and ends. */
@Component({
  imports: [Answer],
  template: `
    <button (click)="isShown.set(!isShown())">{{ isShown() ? 'Hide' : 'Show' }} the report</button>
    @if (isShown()) {
      <suite-answer />
    }
  `,
})
export class Report {
  readonly isShown = signal(false)
}
