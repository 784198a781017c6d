import { randomUUID } from 'node:crypto'
import { isJsonObject, type Json } from '../model/json.ts'

export interface Message {
  readonly id: string
  readonly from: string
  readonly subject: string
}

/** A mail API without storage: three fixed messages for each user, and sent mail is discarded. */
export const mail = {
  list: (sub: string): Message[] => [
    { id: `${sub}-1`, from: 'it@example.com', subject: `Welcome, ${sub}` },
    { id: `${sub}-2`, from: 'carol@example.com', subject: 'Minutes of the meeting' },
    { id: `${sub}-3`, from: 'news@example.com', subject: 'This week in identity' },
  ],
  send(sub: string, input: Json): Record<string, Json> {
    const { to = null, subject = null } = isJsonObject(input) ? input : {}
    return { id: randomUUID(), from: sub, to, subject, status: 'sent' }
  },
}
