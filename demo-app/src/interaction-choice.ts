/** How the user is asked where a token needs them. */
export type Interaction = 'redirect' | 'popup'

export type InteractionChoice = ReturnType<typeof createInteractionChoice>

const KEY = 'carnet-demo.interaction'

/** What the user has chosen in this tab. Where the browser keeps nothing, it holds until the page is left. */
export function createInteractionChoice() {
  let current = recall()
  return {
    current: (): Interaction => current,
    choose(next: Interaction): void {
      current = next
      try {
        sessionStorage.setItem(KEY, next)
      } catch {
        // Storage is blocked or full: the choice is kept in memory.
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
