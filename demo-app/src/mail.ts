import { callApi, textOf } from './api.ts'

export interface Message {
  readonly from: string
  readonly subject: string
}

export async function fetchMail(issuer: string, accessToken: string): Promise<Message[]> {
  const body = await callApi(`${issuer}/api/mail/messages`, accessToken)
  return Array.isArray(body) ? body.flatMap((item) => parseMessage(item) ?? []) : []
}

function parseMessage(value: unknown): Message | undefined {
  const from = textOf(value, 'from')
  const subject = textOf(value, 'subject')
  return from === undefined || subject === undefined ? undefined : { from, subject }
}
