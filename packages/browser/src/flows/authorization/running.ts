import type { AuthError } from '@carnet/core'
import type { Snapshots } from '../../startup/snapshot.ts'
import type { Events } from '../../startup/start-context.ts'

type Kind = 'redirect' | 'popup'

/** Reports the running interaction, and the error of the last interaction, by the snapshot and by events. */
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
