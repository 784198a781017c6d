import type { EventMessage, InteractionStatus as Status } from '@azure/msal-browser'
import { EventType, InteractionStatus } from '../names/constants.ts'

const isInteractive = ({ interactionType }: EventMessage) =>
  (interactionType as string) === 'redirect' || (interactionType as string) === 'popup'

/** The status that an event ends. It changes only from this status, or if the caller knows none. */
const ends = (status: Status, current: Status | undefined) =>
  current === undefined || current === status ? InteractionStatus.None : null

/** Derives the value of `inProgress` of the wrappers from events. */
// biome-ignore lint/complexity/noStaticOnlyClass: Apps call the static method of this class.
export class EventMessageUtils {
  /** The new status after an event, or `null` if the event changes nothing. */
  static getInteractionStatusFromEvent(
    message: EventMessage,
    currentStatus?: Status,
  ): Status | null {
    switch (message.eventType) {
      case EventType.ACQUIRE_TOKEN_START:
        return isInteractive(message) ? InteractionStatus.AcquireToken : null
      case EventType.HANDLE_REDIRECT_START:
        return InteractionStatus.HandleRedirect
      case EventType.LOGOUT_START:
        return InteractionStatus.Logout
      case EventType.ACQUIRE_TOKEN_SUCCESS:
      case EventType.ACQUIRE_TOKEN_FAILURE:
      case EventType.RESTORE_FROM_BFCACHE:
        return isInteractive(message) ? ends(InteractionStatus.AcquireToken, currentStatus) : null
      case EventType.HANDLE_REDIRECT_END:
        return ends(InteractionStatus.HandleRedirect, currentStatus)
      case EventType.LOGOUT_END:
        return ends(InteractionStatus.Logout, currentStatus)
      default:
        return null
    }
  }
}
