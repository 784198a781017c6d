/** The kind of interaction when a token needs the user. */
export type Interaction = 'redirect' | 'popup'

export type InteractionChoice = ReturnType<typeof createInteractionChoice>

const KEY = 'carnet-demo.interaction'

/** The user's choice of interaction in this tab. Without storage, the choice ends with the page. */
export function createInteractionChoice() {
  let current = recall()
  return {
    current: (): Interaction => current,
    choose(next: Interaction): void {
      current = next
      try {
        sessionStorage.setItem(KEY, next)
      } catch {
        // If storage is blocked or full, the choice stays in memory.
      }
    },
  }
}

function recall(): Interaction {
  try {
    return sessionStorage.getItem(KEY) === 'popup' ? 'popup' : 'redirect'
  } catch {
    return 'redirect'
  }
}
