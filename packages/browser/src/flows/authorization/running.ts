import type { AuthError } from '@carnet/core'
import type { InteractionEvent } from '../../api/events.ts'
import type { Snapshots } from '../../startup/snapshot.ts'
import type { Events } from '../../startup/start-context.ts'

/** Reports the running interaction, and the error of the last interaction, by the snapshot and by events. */
export interface RunningInteractions {
  /** @param window The window of a popup. */
  started(about: InteractionEvent, window?: Window): void
  ended(about: InteractionEvent): void
  failed(error: AuthError): void
}

export function createRunning(events: Events, snapshots: Snapshots): RunningInteractions {
  const running: InteractionEvent['interaction'][] = []
  const current = () => running.at(-1) ?? null

  return {
    started(about, window) {
      const { interaction, purpose, correlationId } = about
      running.push(interaction)
      snapshots.note({ interaction, error: null })
      events.emit('interactionStarted', about)
      if (window) events.emit('popupOpened', { purpose, correlationId, window })
    },
    ended(about) {
      const { interaction } = about
      if (running.includes(interaction)) running.splice(running.lastIndexOf(interaction), 1)
      snapshots.note({ interaction: current() })
      events.emit('interactionEnded', about)
    },
    failed(error) {
      snapshots.note({ error })
      snapshots.publish()
    },
  }
}
