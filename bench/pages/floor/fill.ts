import { done } from '../done.ts'
import { ACCESS_TOKEN } from '../fill.ts'
import { openFloor, type Stored } from './sealed-record.ts'

window.fill = async () => {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const text = new TextEncoder().encode(JSON.stringify({ accessToken: ACCESS_TOKEN }))
  const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, text)
  const stored: Stored = { key, iv, data }
  const database = await openFloor()
  const table = database.transaction('tokens', 'readwrite').objectStore('tokens')
  await done(table.put(stored, 'token'))
  database.close()
  return 1
}
