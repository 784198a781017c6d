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
  ])('replace the older ones: `%s` is gone where it is missing', (name, value) => {
    const before = accountFromClaims({ ...ids, [name]: value })
    const { idTokenClaims } = withNewerClaims(before, ids)
    expect(idTokenClaims).toEqual(ids)
  })

  test.each([
    ['nonce', 'n'],
    ['auth_time', 1000],
    ['azp', 'spa'],
    ['sid', 'session'],
  ])('leave `%s` as it was: a refresh may omit it', (name, value) => {
    const before = accountFromClaims({ ...ids, [name]: value })
    expect(withNewerClaims(before, ids).idTokenClaims).toEqual({ ...ids, [name]: value })
  })

  test('hold nothing that neither the newer token says nor the same authentication explains', () => {
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

  test('stay where a newer ID token says none', () => {
    expect(withNewerClaims(named, ids)).toMatchObject({
      username: 'alice@example.com',
      name: 'Alice',
      idTokenClaims: ids,
    })
  })

  test('follow the newer ID token where it says them', () => {
    const newer = { ...ids, email: 'alice.b@example.com', name: 'Alice B.' }
    expect(withNewerClaims(named, newer)).toMatchObject({
      username: 'alice.b@example.com',
      name: 'Alice B.',
    })
    expect(withNamesOf(named, accountFromClaims(newer)).name).toBe('Alice B.')
  })

  test('still serve as a hint for the sign-in page, and a `sub` never does', () => {
    expect(loginHintOf(withNewerClaims(named, ids))).toBe('alice@example.com')
    expect(loginHintOf(accountFromClaims(ids))).toBeUndefined()
  })
})
