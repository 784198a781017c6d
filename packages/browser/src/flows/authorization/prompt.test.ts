import { accountFromClaims } from '@carnet/core/fakes'
import { expect, test } from 'vitest'
import { toResult } from '../../startup/result.ts'
import { unlessPromptAsksAgain } from './prompt.ts'

const account = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const record = {
  owner: 'alice',
  resource: '',
  requestedScopes: ['read', 'write'],
  grantedScopes: ['read'],
  token: 't',
  tokenType: 'Bearer' as const,
  issuedAtMs: 0,
  expiresAtMs: 1,
}
const owner = { account, idToken: 'i', authority: 'https://idp.example' }

const ask = (prompt: string | undefined, declined: string[]) => {
  const result = toResult(record, owner, declined, { fromCache: true, trace: () => [] })
  const asking = unlessPromptAsksAgain(async () => result)({ scopes: ['read', 'write'], prompt })
  return asking.then(
    (answer) => (answer === result ? 'the answer' : expect.fail('Another answer.')),
    (error) => error.reason,
  )
}

test.each(['consent', 'login', 'select_account', 'create', 'login consent'])(
  '`prompt: %s` shows a page only if the user declined a scope',
  async (prompt) => {
    expect(await ask(prompt, ['write'])).toBe('consent')
    expect(await ask(prompt, [])).toBe('the answer')
  },
)

test.each([undefined, '', 'none', 'unheard_of'])(
  '`prompt: %s` does not request a declined scope again',
  async (prompt) => {
    expect(await ask(prompt, ['write'])).toBe('the answer')
  },
)
