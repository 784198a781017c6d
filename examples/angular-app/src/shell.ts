import { ChangeDetectionStrategy, Component } from '@angular/core'
import { RouterLink, RouterOutlet } from '@angular/router'
import { injectAuth, injectChallenge } from '@carnet/angular'
import { rendered } from './auth.ts'
import { run } from './pages.ts'

@Component({
  selector: 'app-nav',
  imports: [RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `{{ rendered('Nav') }}
    <nav>
      <a routerLink="/">Home</a> <a routerLink="/profile">Profile</a>
      <a routerLink="/token">Token</a> <a routerLink="/report">Report</a>
    </nav>`,
})
class Nav {
  readonly rendered = rendered
}

@Component({
  selector: 'app-shell',
  imports: [Nav, RouterOutlet],
  template: `<app-nav />
    @if (auth.error(); as error) {
      <p role="alert">{{ error.code }}</p>
    }
    <router-outlet />
    @if (challenge(); as asked) {
      <div role="dialog">
        <button (click)="run(asked.resolve('popup'))">Confirm</button>
        <button (click)="asked.refuse()">Refuse</button>
      </div>
    }`,
})
export class Shell {
  readonly auth = injectAuth()
  readonly challenge = injectChallenge()
  readonly run = run
}
