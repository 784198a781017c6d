import { AuthError } from '@carnet/core/base'
import type { StartContext } from '../../startup/start-context.ts'
import { createRunning } from '../authorization/running.ts'
import { whileEmpty } from './while-empty.ts'

/**
 * Waits for the engine until the user closes the popup, or `signal` aborts. Normally the engine reports start and end of an
 * interaction. This function reports both for an interaction that fails before the engine is loaded.
 *
 * @throws AuthError `user_cancelled`, `aborted`, `part_not_loaded`.
 */
export async function whileUnloaded<T>(
  { events, snapshots }: Pick<StartContext, 'events' | 'snapshots'>,
  window: Window,
  signal: unknown,
  loading: Promise<T>,
): Promise<T> {
  try {
    const given = signal instanceof AbortSignal ? signal : undefined
    return await whileEmpty(() => window, given, loading)
  } catch (error) {
    const running = createRunning(events, snapshots)
    const about = { interaction: 'popup', purpose: 'token' } as const
    running.started(about)
    running.ended(about)
    if (error instanceof AuthError) running.failed(error)
    throw error
  }
}
