import type { AuthError } from '@carnet/core'
import type { Events } from '../../startup/shell.ts'
import type { Snapshots } from '../../startup/snapshot.ts'

type Kind = 'redirect' | 'popup'

/** Tells the page, by its snapshot and by events, which interaction runs and how the last one failed. */
export interface RunningInteractions {
  started(interaction: Kind): void
  ended(interaction: Kind): void
  failed(error: AuthError): void
}

export function createRunning(events: Events, snapshots: Snapshots): RunningInteractions {
  const running: Kind[] = []
  const current = () => running.at(-1) ?? null

  return {
    started(interaction) {
      running.push(interaction)
      snapshots.note({ interaction, error: null })
      events.emit('interactionStarted', { interaction })
    },
    ended(interaction) {
      if (running.includes(interaction)) running.splice(running.lastIndexOf(interaction), 1)
      snapshots.note({ interaction: current() })
      events.emit('interactionEnded', { interaction })
    },
    failed(error) {
      snapshots.note({ error })
      snapshots.publish()
    },
  }
}
