import type { AuthClient, AuthEvents, TokenEvent } from '@carnet/browser'
import { formatClock } from '../ui/format.ts'
import { codeOf } from '../ui/polite-words.ts'

const LONGEST_LOG = 100

/** The log omits `changed`, which follows every other event without more data, and starts: each has its end in the log. */
type LoggedEvent = Exclude<keyof AuthEvents, 'changed' | 'popupOpened' | 'renewalStarted'>

export interface LogLine {
  readonly at: Date
  readonly name: LoggedEvent
  readonly text: string
}

/** The text of each event in the log. A missing event is a compile error. */
const describe: { [Name in LoggedEvent]: (event: AuthEvents[Name]) => string } = {
  accountAdded: ({ account }) => account.username,
  accountRemoved: ({ account }) => account.username,
  activeAccountChanged: ({ account }) => account?.username ?? 'no account',
  tokenAcquired: describeToken,
  tokenRenewed: describeToken,
  renewalFailed: ({ error, nextTryOn }) =>
    `${codeOf(error) ?? error.code}${nextTryOn ? `, next try at ${formatClock(nextTryOn)}` : ''}`,
  interactionExpected: ({ silentUntil }) => `silent renewal ends at ${formatClock(silentUntil)}`,
  interactionStarted: ({ interaction }) => interaction,
  interactionEnded: ({ interaction }) => interaction,
  signedOut: ({ account }) => account.username,
  challenge: ({ kind, resource, outcome }) => `${kind} of ${resource}: ${outcome}`,
  storageDegraded: describeCause,
  workerUnavailable: describeCause,
}

function describeCause({ cause }: { readonly cause: unknown }): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function describeToken({ scopes, resource, expiresOn, tab }: TokenEvent): string {
  const target = resource === '' ? '' : ` for ${resource}`
  const where = tab === 'other' ? ', in another tab' : ''
  return `${scopes.join(' ') || 'no scopes of an API'}${target}, until ${formatClock(expiresOn)}${where}`
}

/** Logs all events of the client, newest first, up to a hundred. */
export function createEventLog(auth: AuthClient, onChange: (lines: readonly LogLine[]) => void) {
  let lines: readonly LogLine[] = []

  function follow<Name extends LoggedEvent>(name: Name): void {
    auth.on(name, (event) => {
      lines = [{ at: new Date(), name, text: describe[name](event) }, ...lines].slice(
        0,
        LONGEST_LOG,
      )
      onChange(lines)
    })
  }
  for (const name of Object.keys(describe) as LoggedEvent[]) follow(name)

  return {
    clear(): void {
      lines = []
      onChange(lines)
    },
  }
}
