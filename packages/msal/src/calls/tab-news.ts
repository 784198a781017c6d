import type { AccountIds } from '../accounts/accounts.ts'
import { EventType } from '../names/constants.ts'

/** An event of another tab: a sign-in, or a sign-out of one account or of all. */
export interface TabNews {
  readonly eventType: typeof EventType.LOGIN_SUCCESS | typeof EventType.LOGOUT_SUCCESS
  readonly correlationId: string
  readonly interactionType: 'redirect' | 'popup' | 'silent' | 'none'
  /** The account; absent for all accounts. */
  readonly ids?: AccountIds | undefined
}

const INTERACTIONS: readonly unknown[] = ['redirect', 'popup', 'silent', 'none']

/** Reads a message of another tab. */
export function parseNews(data: unknown): TabNews | undefined {
  const { eventType, correlationId, interactionType, ids } = Object(data) as Record<string, unknown>
  const isShared = eventType === EventType.LOGIN_SUCCESS || eventType === EventType.LOGOUT_SUCCESS
  if (!isShared || typeof correlationId !== 'string' || !INTERACTIONS.includes(interactionType))
    return undefined
  return {
    eventType,
    correlationId,
    interactionType: interactionType as TabNews['interactionType'],
    ids: parseIds(ids),
  }
}

function parseIds(ids: unknown): AccountIds | undefined {
  const { homeAccountId, localAccountId, tenantId } = Object(ids) as Record<string, unknown>
  const values = [homeAccountId, localAccountId, tenantId]
  if (!values.every((value) => typeof value === 'string')) return undefined
  return { homeAccountId, localAccountId, tenantId } as AccountIds
}
