import type { Account } from '@carnet/browser'
import type { Mail } from './mail.ts'
import { textOf } from './parse.ts'

const KEY = 'carnet-demo.draft'

/** Keeps the unsent mail during a redirect for consent. The draft ends with the tab. */
export function createDraft({ id: owner }: Account) {
  return {
    keep(mail: Mail): void {
      try {
        sessionStorage.setItem(KEY, JSON.stringify({ owner, ...mail }))
      } catch {
        // If storage is blocked or full, the form is empty after a redirect.
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
        // If storage is blocked, there is no draft to delete.
      }
    },
  }
}
