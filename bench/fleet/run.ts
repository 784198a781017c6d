import { writeFileSync } from 'node:fs'
import { plotFleet } from './plot.ts'
import { DEFAULT_FLEET, loadOf, simulate } from './simulate.ts'

/** The highest allowed rate after an outage, as a multiple of the steady rate. */
const LIMIT = 2

/**
 * Simulates the fleet, prints its load and writes the plot.
 *
 * @param plotFile The path of the SVG file.
 * @returns True if the load after the outage stays within the limit.
 */
export function runFleet(plotFile: string): boolean {
  const load = loadOf(simulate(DEFAULT_FLEET), DEFAULT_FLEET)
  writeFileSync(plotFile, plotFleet(load, DEFAULT_FLEET))
  const factor = load.peakAfter / load.steady
  console.log(`Steady:           ${load.steady.toFixed(0)} requests per second`)
  console.log(`After the outage: ${load.peakAfter.toFixed(0)} requests per second at most`)
  console.log(`Factor:           ${factor.toFixed(2)} (limit ${LIMIT})`)
  return factor <= LIMIT
}
