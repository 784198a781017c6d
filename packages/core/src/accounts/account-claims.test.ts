import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountFromClaims, loginHintOf, withNamesOf, withNewerClaims } from './account-claims.ts'

const ids = { iss: 'https://login.example.com', sub: 'alice' }

describe('the claims of a newer ID token', () => {
  test.each([
    ['roles', ['admin']],
    ['groups', ['staff']],
    ['email', 'alice@example.com'],
    ['email_verified', true],
    ['acr', 'urn:example:two-factors'],
    ['amr', ['otp']],
    ['permissions', ['write']],
  ])('replace the older claims: a missing `%s` is removed', (name, value) => {
    const before = accountFromClaims({ ...ids, [name]: value })
    const { idTokenClaims } = withNewerClaims(before, ids)
    expect(idTokenClaims).toEqual(ids)
  })

  test.each([
    ['nonce', 'n'],
    ['auth_time', 1000],
    ['azp', 'spa'],
    ['sid', 'session'],
  ])('keep `%s`, because a refresh may omit it', (name, value) => {
    const before = accountFromClaims({ ...ids, [name]: value })
    expect(withNewerClaims(before, ids).idTokenClaims).toEqual({ ...ids, [name]: value })
  })

  test('contain only claims of the newer token and of the same authentication', () => {
    const names = fc.constantFrom('roles', 'email', 'sid', 'nonce', 'hasOwnProperty', '__proto__')
    const claims = fc.dictionary(names, fc.jsonValue())
    fc.assert(
      fc.property(claims, claims, (older, newer) => {
        const before = accountFromClaims({ ...older, ...ids })
        const after = withNewerClaims(before, { ...newer, ...ids }).idTokenClaims
        for (const [name, value] of Object.entries(after)) {
          const source = name in { ...ids, ...newer } ? { ...newer, ...ids } : older
          expect(value).toEqual(source[name])
          if (source === older) expect(['sid', 'nonce']).toContain(name)
        }
      }),
    )
  })
})

describe('the names of an account', () => {
  const named = accountFromClaims({
    ...ids,
    preferred_username: 'alice@example.com',
    name: 'Alice',
  })

  test('stay if a newer ID token has no names', () => {
    expect(withNewerClaims(named, ids)).toMatchObject({
      username: 'alice@example.com',
      name: 'Alice',
      idTokenClaims: ids,
    })
  })

  test('change if the newer ID token has names', () => {
    const newer = { ...ids, email: 'alice.b@example.com', name: 'Alice B.' }
    expect(withNewerClaims(named, newer)).toMatchObject({
      username: 'alice.b@example.com',
      name: 'Alice B.',
    })
    expect(withNamesOf(named, accountFromClaims(newer)).name).toBe('Alice B.')
  })

  test('are the login hint; a `sub` never is', () => {
    expect(loginHintOf(withNewerClaims(named, ids))).toBe('alice@example.com')
    expect(loginHintOf(accountFromClaims(ids))).toBeUndefined()
  })
})
