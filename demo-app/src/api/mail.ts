import { callApi } from './api.ts'
import { type Message, parseMessages, textOf } from './parse.ts'

/** An outgoing message. */
export interface Mail {
  readonly to: string
  readonly subject: string
}

export const fetchMail = async (issuer: string, send: typeof fetch): Promise<Message[]> =>
  parseMessages(await callApi(`${issuer}/api/mail/messages`, send))

export async function sendMail(issuer: string, send: typeof fetch, mail: Mail): Promise<void> {
  const body = await callApi(`${issuer}/api/mail/send`, send, mail)
  if (textOf(body, 'status') !== 'sent')
    throw new Error('The API did not confirm that the mail was sent.')
}
