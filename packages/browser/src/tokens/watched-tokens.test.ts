import { covers, toTokenQuery } from '@carnet/core'
import { accountFromClaims } from '@carnet/core/fakes'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createWatchedTokens, purposeOf, type Watched } from './watched-tokens.ts'

const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const watch = (scopes: readonly string[], resource = ''): Watched => {
  const query = toTokenQuery(alice, scopes, { resource })
  const bearer = { owner: alice.id, resource, token: scopes.join(), tokenType: 'Bearer' } as const
  const times = { issuedAtMs: 0, expiresAtMs: 1 }
  const record = { ...bearer, ...times, requestedScopes: scopes, grantedScopes: scopes }
  const state = { used: true, failures: 0, running: false, cameOnline: false }
  return { query, record, dueAtMs: 0, plannedAtMs: 0, ...state }
}
const scopes = fc.subarray(['a', 'b', 'c', 'd'])

test('every token whose scopes cover those of a query, or are covered by them, is found', () => {
  const tokens = fc.array(fc.tuple(scopes, fc.constantFrom('', 'urn:api')), { maxLength: 12 })
  fc.assert(
    fc.property(tokens, scopes, fc.nat(12), (all, wanted, gone) => {
      const tokens = createWatchedTokens()
      const watched = all.map(([names, resource]) => watch(names, resource))
      for (const one of watched) tokens.add(one)
      const removed = watched[gone]
      if (removed) expect([tokens.delete(removed), tokens.delete(removed)]).toEqual([true, false])
      const left = watched.filter((one) => one !== removed)
      expect([...tokens.values()]).toEqual(left)
      const { query } = watch(wanted)
      const found = tokens.related(query)
      for (const one of left) {
        const isOfPurpose = purposeOf(one.query) === purposeOf(query)
        const isRelated =
          covers(one.query.scopeKeys, query.scopeKeys) ||
          covers(query.scopeKeys, one.query.scopeKeys)
        if (isOfPurpose && isRelated) expect(found).toContain(one)
        if (!isOfPurpose) expect(found).not.toContain(one)
      }
    }),
  )
})

test('one token of thousands is found without visiting the others', () => {
  const tokens = createWatchedTokens()
  for (let index = 0; index < 5000; index += 1) tokens.add(watch([`scope.${index}`]))
  expect(tokens.related(watch(['scope.7']).query)).toHaveLength(1)
  expect(tokens.related(watch(['scope.7', 'new']).query)).toHaveLength(1)
  expect(tokens.related(watch(['new']).query)).toEqual([])
})
