import { readFile } from 'node:fs/promises'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import * as client from './index.ts'
import * as server from './server.ts'

const { RequireAccount, SignedIn, SignedOut } = client
const gates = { RequireAccount, SignedIn, SignedOut }

test('the server entry has all names, and the gates are those of the client', () => {
  expect(Object.keys(server).sort()).toEqual(Object.keys(client).sort())
  expect(server).toMatchObject(gates)
})

test('each other name explains itself in a server component', () => {
  const others = Object.entries(server).filter(([name]) => !(name in gates))
  expect(others).toHaveLength(6)
  for (const [name, call] of others)
    expect(call as () => never).toThrow(
      new RegExp(`^<?${name}>? of @carnet/react works in client components only.*'use client'`),
    )
})

test('bundlers find the server entry before the others', async () => {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  const { exports } = JSON.parse(text)
  const [[condition, entry]] = Object.entries<{ default: string }>(exports['.']) as [
    [string, { default: string }],
  ]
  expect([condition, entry.default]).toEqual(['react-server', './dist/server.js'])
  expect(exports['./server']).toEqual(entry)
})

test('on a server, the status is unknown, and a token needs a page', () => {
  const render = (part: () => string) =>
    renderToString(createElement(client.AuthProvider, { client: undefined }, createElement(part)))
  expect(render(() => client.useAuth().status)).toBe('unknown')
  expect(render(() => `${client.useAccount()} ${client.useChallenge()}`)).toBe('null null')
  expect(() => render(() => client.useToken({ scopes: ['a'] }).accessToken)).toThrow(
    'useToken works in a page, below <SignedIn>.',
  )
  expect(render(() => typeof client.useApi())).toBe('function')
})
