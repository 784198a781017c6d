import { AuthError } from '@carnet/core'
import type { Redemption } from '../journal/redeem.ts'
import type { Line } from './line.ts'
import type {
  KeeperAnswer,
  KeeperMessage,
  KeeperQuestion,
  KeyAnswer,
  KeyQuestion,
} from './messages.ts'

/** Settles a question. */
export type End<T> = (value: T | Promise<T>) => void

/** Creates the questions to a worker, with their answers. */
export function createQuestions(keeps: boolean) {
  const waiting = new Map<number, (message: KeeperAnswer) => void>()
  let count = 0

  return {
    hear(message: KeeperMessage): void {
      if ('id' in message) waiting.get(message.id)?.(message)
    },
    /** Asks one question. Each message about it goes to `onAnswer`; without an end within `limitMs`, it goes to `onLate`. */
    ask<T>(
      line: Line,
      question: Redemption | { handle: string } | { aboutKey: KeyQuestion },
      limitMs: number,
      onLate: (end: End<T>) => void,
      onAnswer: (message: KeeperAnswer, end: End<T>) => void,
    ): Promise<T> {
      const id = count++
      return new Promise((resolve) => {
        const end: End<T> = (value) => {
          clearTimeout(patience)
          waiting.delete(id)
          resolve(value)
        }
        const patience = setTimeout(() => onLate(end), limitMs)
        waiting.set(id, (message) => onAnswer(message, end))
        line.post({ id, keeps, ...question } as KeeperQuestion)
      })
    },
  }
}

/** Asks about a key for DPoP; `undefined` without a worker, or without an answer within `limitMs`. */
export async function askAboutKey(
  ask: ReturnType<typeof createQuestions>['ask'],
  line: Line | undefined,
  aboutKey: KeyQuestion,
  limitMs: number,
): Promise<KeyAnswer | undefined> {
  if (!line) return undefined
  return ask<KeyAnswer | undefined>(
    line,
    { aboutKey },
    limitMs,
    (end) => end(undefined),
    (message, end) => {
      if (message.type === 'key') end(message.key)
      else if (message.type === 'failure')
        end(
          Promise.reject(
            new AuthError(
              'worker_unresponsive',
              `The worker holds no keys (${message.message}): its file must be \`key-worker.js\`.`,
            ),
          ),
        )
    },
  )
}
