import type { World } from '../driver/world.ts'
import type { Samples } from '../figures.ts'
import { type Library, libraries } from '../libraries.ts'

/** A part of the bench that can be run by itself (`--only`). */
export interface Measure {
  readonly name: string
  /** How often each library has its turn, and how often with `--quick`. */
  readonly rounds: number
  readonly quickRounds: number
  run(world: World, samples: Samples, rounds: number): Promise<void>
}

/**
 * Lets the libraries take turns, and another one begin each time: what the machine does meanwhile then hits all
 * of them.
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
