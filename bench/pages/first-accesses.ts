import { quantile } from '../figures/quantile.ts'
import { done } from './done.ts'
import { scopesOf } from './fill.ts'

/** Medians, in microseconds. */
export interface FirstAccesses {
  readonly carnet: number
  /** One read of IndexedDB and one decryption, in a table with the same number of records. */
  readonly floor: number
}

/** The accesses per turn. Carnet and the floor take turns, so that disturbances by the machine affect both. */
const TURN = 500

/** Requests each of `count` tokens once, and reads the same number of encrypted records with the least possible code. */
export async function measureFirstAccesses(
  silent: (scope: string) => Promise<unknown>,
  count: number,
): Promise<FirstAccesses> {
  const read = await createFloor(count)
  const scopes = scopesOf(count)
  const times = { carnet: new Float64Array(count), floor: new Float64Array(count) }
  for (let start = 0; start < count; start += TURN) {
    await timeEach(times.floor, start, (index) => read(index))
    await timeEach(times.carnet, start, (index) => silent(scopes[index] ?? ''))
  }
  return { carnet: quantile(times.carnet, 0.5), floor: quantile(times.floor, 0.5) }
}

async function timeEach(
  times: Float64Array,
  start: number,
  act: (index: number) => Promise<unknown>,
): Promise<void> {
  const end = Math.min(start + TURN, times.length)
  for (let index = start; index < end; index += 1) {
    const beganMs = performance.now()
    await act(index)
    times[index] = (performance.now() - beganMs) * 1000
  }
}

/** Creates a table of encrypted records, and returns a function that reads a record. A token with its data has 1.8 kB. */
async function createFloor(count: number): Promise<(index: number) => Promise<ArrayBuffer>> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
  const algorithm = { name: 'AES-GCM', iv: new Uint8Array(12) }
  const data = await crypto.subtle.encrypt(algorithm, key, new Uint8Array(1800))
  const opening = indexedDB.open('bench.first-accesses', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('records')
  const database = await done(opening)
  const tx = database.transaction('records', 'readwrite')
  for (let index = 0; index < count; index += 1) tx.objectStore('records').put({ data }, index)
  await new Promise((resolve) => {
    tx.oncomplete = resolve
  })
  return async (index) => {
    const table = database.transaction('records').objectStore('records')
    const record = await done<{ data: ArrayBuffer }>(table.get(index))
    return crypto.subtle.decrypt(algorithm, key, record.data)
  }
}
