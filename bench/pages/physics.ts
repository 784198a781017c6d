import { done } from './done.ts'
import { medianOfBatches } from './warm-hits.ts'

/** The time of the basic operations of a library on this machine, in microseconds. */
export interface Physics {
  readonly mapRead: number
  readonly decryption: number
  readonly indexedDbGet: number
  readonly webLock: number
}

/** Measures the lower limits for any library on this machine. */
export async function measurePhysics(): Promise<Physics> {
  return {
    mapRead: await measureMapRead(),
    decryption: await measureDecryption(),
    indexedDbGet: await measureIndexedDbGet(),
    webLock: await medianOfBatches(
      async () => {
        await navigator.locks.request('bench.floor', () => undefined)
      },
      50,
      4,
    ),
  }
}

async function measureMapRead(): Promise<number> {
  const tokens = new Map(Array.from({ length: 100 }, (_, index) => [`scope.${index}`, `${index}`]))
  const read = async () => tokens.get('scope.50')
  return medianOfBatches(read, 50, 5000)
}

/** 1.5 kB, the size of a token with its metadata. */
async function measureDecryption(): Promise<number> {
  const algorithm = { name: 'AES-GCM', iv: new Uint8Array(12) }
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
  const sealed = await crypto.subtle.encrypt(algorithm, key, new Uint8Array(1500))
  return medianOfBatches(() => crypto.subtle.decrypt(algorithm, key, sealed), 50, 10)
}

async function measureIndexedDbGet(): Promise<number> {
  const opening = indexedDB.open('bench.physics', 1)
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('records').put({ value: new Uint8Array(1500) }, 'key')
  }
  const database = await done(opening)
  const read = () => done(database.transaction('records').objectStore('records').get('key'))
  const median = await medianOfBatches(read, 50, 4)
  database.close()
  return median
}
