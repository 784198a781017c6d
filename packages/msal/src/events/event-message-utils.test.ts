import * as original from '@azure/msal-browser'
import { expect, test } from 'vitest'
import { EventType, InteractionStatus, InteractionType } from '../names/constants.ts'
import { EventHandler } from './event-handler.ts'
import { EventMessageUtils } from './event-message-utils.ts'

test('every event changes the status as it does in the original', () => {
  const statuses = [undefined, ...Object.values(InteractionStatus)]
  for (const eventType of Object.values(EventType))
    for (const interactionType of [...Object.values(InteractionType), null])
      for (const status of statuses) {
        const message = { eventType, interactionType } as original.EventMessage
        const about = `${eventType} ${interactionType} ${status}`
        expect(EventMessageUtils.getInteractionStatusFromEvent(message, status), about).toBe(
          original.EventMessageUtils.getInteractionStatusFromEvent(message, status),
        )
      }
})

test('outside of a browser no callback is added', () => {
  expect(new EventHandler().addEventCallback(() => undefined)).toBeNull()
})
