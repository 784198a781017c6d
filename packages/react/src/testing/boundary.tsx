import type { AuthError } from '@carnet/browser'
import { Component, type ReactNode } from 'react'

/** The actions of a test on a boundary. */
export interface Hands {
  reset(): void
  readonly caught: unknown[]
}

/** An error boundary that a test resets. */
export class Boundary extends Component<{ hands: Hands; children: ReactNode }> {
  override state = { error: undefined as AuthError | undefined }
  static getDerivedStateFromError(error: AuthError) {
    return { error }
  }
  override componentDidCatch(error: unknown) {
    const { hands } = this.props
    hands.caught.push(error)
    hands.reset = () => this.setState({ error: undefined })
  }
  override render() {
    return this.state.error ? <i>{this.state.error.code}</i> : this.props.children
  }
}

export const handsOf = (): Hands => ({ caught: [], reset: () => undefined })
