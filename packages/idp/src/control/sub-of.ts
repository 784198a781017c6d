import type { Users } from '../accounts/users.ts'
import { BadInput, isText, problemsOf } from '../model/bad-input.ts'
import { isJsonObject } from '../model/json.ts'

/** @returns The `sub` of the named user. @throws {BadInput} If there is no such user. */
export function subOf(whom: unknown, users: Users): string | undefined {
  if (whom === undefined) return undefined
  if (!isJsonObject(whom)) throw new BadInput(['the request: must be an object'])
  const username = {
    expected: `one of ${users.all.map((user) => user.username).join(', ')}`,
    accepts: (value: unknown) => isText(value) && users.byLogin(value) !== undefined,
  }
  const problems = problemsOf(whom, { username })
  if (problems.length > 0) throw new BadInput(problems)
  return isText(whom.username) ? users.byLogin(whom.username)?.username : undefined
}
