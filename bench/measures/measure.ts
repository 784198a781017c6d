import type { World } from '../driver/world.ts'
import type { Samples } from '../figures/figures.ts'
import { type Library, libraries } from '../figures/libraries.ts'

/** A part of the bench. `--only` runs it alone. */
export interface Measure {
  readonly name: string
  /** The number of rounds, and the number with `--quick`. */
  readonly rounds: number
  readonly quickRounds: number
  run(world: World, samples: Samples, rounds: number): Promise<void>
}

/**
 * Runs the libraries in turns, and starts each round with another library. Disturbances by the machine then
 * affect all libraries equally.
 */
export async function takeTurns(
  rounds: number,
  turn: (library: Library) => Promise<void>,
  players: readonly Library[] = libraries,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1)
    for (let index = 0; index < players.length; index += 1) {
      const library = players[(round + index) % players.length]
      if (library) await turn(library)
    }
}
