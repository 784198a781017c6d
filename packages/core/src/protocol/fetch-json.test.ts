import { describe, expect, test } from 'vitest'
import { isAuthError } from '../errors/errors.ts'
import { createFetchJson } from './fetch-json.ts'
import { createHttp } from './http.ts'

const read = (body: string, contentType: string, status = 200) => {
  const headers = { 'content-type': contentType }
  const fetch = async () => new Response(body, { status, headers })
  return createFetchJson(createHttp({ fetch, timeoutMs: 1000 }))('https://idp.example/doc')
}

describe('JSON is read', () => {
  test.each([
    ['as it should be sent', '{"a":1}', 'application/json'],
    ['without a type', '{"a":1}', ''],
    ['as a page', '{"a":1}', 'text/html; charset=utf-8'],
    ['with a byte order mark', '\ufeff{"a":1}', 'text/html'],
    ['with white space around it', '\n {"a":1}\n', 'text/plain'],
  ])('%s', async (_what, body, contentType) => {
    expect(await read(body, contentType)).toEqual({ a: 1 })
  })
})

describe('other content comes from an intermediary', () => {
  test.each([
    ['a page of a captive portal', '<html>Sign in to the network', 'text/html', 200],
    ['text that calls itself a page', 'blocked', 'text/html', 403],
    ['a page that calls itself JSON', ' <!doctype html>', 'application/json', 200],
  ])('%s', async (_what, body, contentType, status) => {
    const error = await read(body, contentType, status).catch((caught: unknown) => caught)
    expect(isAuthError(error, 'intermediary_answered')).toBe(true)
  })
})
