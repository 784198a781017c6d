'use client'
import type { AuthError } from '@carnet/browser'

/** Shows why nobody could sign in, or why the page failed. */
export default function Failure({ error, reset }: { error: AuthError; reset: () => void }) {
  return (
    <p role="alert">
      {error.code ?? error.message} <button onClick={reset}>Try again</button>
    </p>
  )
}
