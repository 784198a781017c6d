import type { Account } from '@carnet/browser'
import { textOf } from './api.ts'
import type { Mail } from './mail.ts'

const KEY = 'carnet-demo.draft'

/** The mail that its writer leaves the page with, to be allowed to send it. Lives as long as the tab. */
export function createDraft({ id: owner }: Account) {
  return {
    keep(mail: Mail): void {
      try {
        sessionStorage.setItem(KEY, JSON.stringify({ owner, ...mail }))
      } catch {
        // Storage is blocked or full: after a redirect the form is empty.
      }
    },
    recall(): Mail | undefined {
      try {
        const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
        if (textOf(kept, 'owner') !== owner) return undefined
        return { to: textOf(kept, 'to') ?? '', subject: textOf(kept, 'subject') ?? '' }
      } catch {
        return undefined
      }
    },
    forget(): void {
      try {
        sessionStorage.removeItem(KEY)
      } catch {
        // Nothing was kept either.
      }
    },
  }
}
