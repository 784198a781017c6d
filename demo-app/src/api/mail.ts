import { callApi, textOf } from './api.ts'

export interface Message {
  readonly from: string
  readonly subject: string
}

/** An outgoing message. */
export interface Mail {
  readonly to: string
  readonly subject: string
}

export async function fetchMail(issuer: string, send: typeof fetch): Promise<Message[]> {
  const body = await callApi(`${issuer}/api/mail/messages`, send)
  return Array.isArray(body) ? body.flatMap((item) => parseMessage(item) ?? []) : []
}

export async function sendMail(issuer: string, send: typeof fetch, mail: Mail): Promise<void> {
  const body = await callApi(`${issuer}/api/mail/send`, send, mail)
  if (textOf(body, 'status') !== 'sent')
    throw new Error('The API did not confirm that the mail was sent.')
}

function parseMessage(value: unknown): Message | undefined {
  const from = textOf(value, 'from')
  const subject = textOf(value, 'subject')
  return from === undefined || subject === undefined ? undefined : { from, subject }
}
