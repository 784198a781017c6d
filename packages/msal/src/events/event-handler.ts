import type { EventCallbackFunction, EventMessage, EventType } from '@azure/msal-browser'
import type { Logger } from '@azure/msal-common/browser'
import { createGuid } from '../page/create-guid.ts'

/** The fields of an event that vary. */
export interface EventFields {
  readonly interactionType?: 'redirect' | 'popup' | 'silent' | 'none'
  readonly payload?: unknown
  readonly error?: unknown
}

/** Calls the callbacks of the app: synchronously, in the order in which they were added. */
export class EventHandler {
  readonly #callbacks = new Map<string, [EventCallbackFunction, readonly EventType[]]>()
  readonly #logger: Logger | undefined

  constructor(logger?: Logger) {
    this.#logger = logger
  }

  /** Adds a callback for the events of the list, or for all events. Returns its id, or `null` outside of a browser. */
  addEventCallback(
    callback: EventCallbackFunction,
    eventTypes: readonly EventType[] = [],
    callbackId: string = createGuid(),
  ): string | null {
    if (typeof window === 'undefined') return null
    if (this.#callbacks.has(callbackId)) {
      this.#logger?.error(`An event callback with the id ${callbackId} exists already.`, '')
      return null
    }
    this.#callbacks.set(callbackId, [callback, eventTypes])
    return callbackId
  }

  removeEventCallback(callbackId: string): void {
    this.#callbacks.delete(callbackId)
  }

  /** Emits an event. The parameters have the order of `@azure/msal-browser`. */
  emitEvent(
    eventType: EventType,
    correlationId: string,
    interactionType?: EventFields['interactionType'],
    payload?: unknown,
    error?: unknown,
  ): void {
    const message = {
      eventType,
      interactionType: interactionType ?? null,
      payload: payload ?? null,
      error: error ?? null,
      correlationId,
      timestamp: Date.now(),
    } as EventMessage
    for (const [callback, types] of [...this.#callbacks.values()]) {
      if (types.length > 0 && !types.includes(eventType)) continue
      try {
        callback(message)
      } catch (failure) {
        reportError(failure) // A callback that throws must not stop the others.
      }
    }
  }
}
