import {
  computed,
  Directive,
  effect,
  inject,
  input,
  TemplateRef,
  untracked,
  ViewContainerRef,
} from '@angular/core'
import type { Account, Snapshot } from '@carnet/browser'
import { requireAccount } from '@carnet/browser/guards'
import { injectAuth } from './carnet.ts'

/** The context of a template that is shown while an account is active. */
interface AccountContext {
  readonly $implicit: Account
}

type View = TemplateRef<unknown>

/** Shows its template while an account is active: `<p *carnetSignedIn="let account">{{ account.username }}</p>`. */
@Directive({ selector: '[carnetSignedIn]' })
export class SignedIn {
  constructor() {
    showWhile('signedIn')
  }

  static ngTemplateContextGuard(_: SignedIn, _context: unknown): _context is AccountContext {
    return true
  }
}

/** Shows its template while no account is active: `<a *carnetSignedOut routerLink="/start">Start</a>`. */
@Directive({ selector: '[carnetSignedOut]' })
export class SignedOut {
  constructor() {
    showWhile('signedOut')
  }
}

/**
 * Shows its template while an account is active, and sends the user to the provider if none is:
 * `<app-mail *carnetRequireAccount="'redirect'; let account; else waiting" />`. A guard of the route keeps its code from loading too.
 */
@Directive({ selector: '[carnetRequireAccount]' })
export class RequireAccount {
  /** `none` only shows the other template. Default `redirect`. */
  readonly carnetRequireAccount = input<'redirect' | 'none' | ''>('')
  /** The template while no account is active. Default: none. */
  readonly carnetRequireAccountElse = input<View>()

  constructor() {
    const auth = injectAuth()
    showWhile('signedIn', this.carnetRequireAccountElse)
    effect(() => {
      if (auth.status() !== 'signedOut' || this.carnetRequireAccount() === 'none') return
      // A running sign-out is no reason to sign in. An error is in the snapshot.
      if (!untracked(auth.interaction)) requireAccount(auth.ready)().catch(() => undefined)
    })
  }

  static ngTemplateContextGuard(_: RequireAccount, _context: unknown): _context is AccountContext {
    return true
  }
}

/** Shows the template of a structural directive while the session has a status, else another template. */
function showWhile(wanted: Snapshot['status'], otherwise?: () => View | undefined): void {
  const { account, status } = injectAuth()
  const own = inject<View>(TemplateRef)
  const container = inject(ViewContainerRef)
  // A template that reads the account is rendered again when it changes.
  const context = {
    get $implicit() {
      return account()
    },
  }
  // Equal statuses, and the two without an account, keep the view.
  const template = computed(() => (status() === wanted ? own : otherwise?.()))
  effect(() => {
    const next = template()
    container.clear()
    if (next) container.createEmbeddedView(next, context)
  })
}
