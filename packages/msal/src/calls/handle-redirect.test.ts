import { expect, test } from 'vitest'
import { withState } from './handle-redirect.ts'

test('an app finds the state of its sign-out where the original has it', () => {
  const url = new URL(withState('https://app.example.com/bye?lang=en#/menu', 'of the app | & more'))
  expect(url.searchParams.get('state')?.split('|').slice(1).join('|')).toBe('of the app | & more')
  expect(url.searchParams.get('lang')).toBe('en')
  expect(url.hash).toBe('#/menu')
})
