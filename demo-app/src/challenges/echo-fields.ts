import { textOf } from '../api/parse.ts'

const FIELDS = [
  ['Scheme', 'scheme'],
  ['User', 'sub'],
  ['Sign-in', 'acr'],
] as const

/** The parts of an echo that the page shows. An API of another provider may have none. */
export const echoFields = (echo: unknown): [term: string, value: string][] =>
  FIELDS.flatMap(([term, field]) => {
    const value = textOf(echo, field)
    return value === undefined ? [] : [[term, value] as [string, string]]
  })
