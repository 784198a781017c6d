import type { UserChallenge } from '../api/resource-calls.ts'
import type { Snapshots } from '../startup/snapshot.ts'

/** Creates the challenges that the snapshot shows, one after the other. */
export function createShownChallenges({ note, publish }: Pick<Snapshots, 'note' | 'publish'>) {
  const waiting = new Set<UserChallenge>()

  function showOldest(): void {
    const [challenge = null] = waiting
    note({ challenge })
    publish()
  }

  return function show(challenge: UserChallenge): void {
    waiting.add(challenge)
    challenge.ended.addEventListener('abort', () => {
      waiting.delete(challenge)
      showOldest()
    })
    showOldest()
  }
}
