import {
  BadInput,
  isText,
  isWholeNumber,
  oneOf,
  problemsOf,
  type Rule,
} from '../model/bad-input.ts'
import { endpoints } from '../model/endpoints.ts'
import type { Fault, FaultRequest } from '../model/faults.ts'
import { isJsonObject } from '../model/json.ts'

const wholeNumber = (least: number): Rule => ({
  expected: `a whole number, at least ${least}`,
  accepts: (value) => isWholeNumber(value, least),
})
const object: Rule = { expected: 'an object', accepts: isJsonObject }
const objectOf = (expected: string, accepts: (value: unknown) => boolean): Rule => ({
  expected: `an object of ${expected}`,
  accepts: (value) => isJsonObject(value) && Object.values(value).every(accepts),
})

const requestRules: Record<keyof FaultRequest, Rule> = {
  endpoint: oneOf(...endpoints),
  count: wholeNumber(1),
  skip: wholeNumber(0),
  fault: object,
}

/** The fields of each kind of fault, except `kind`. The mark `?` means optional. */
const faultRules: Record<Fault['kind'], Record<string, Rule>> = {
  respond: {
    status: {
      expected: 'a status between 200 and 599',
      accepts: (value) => isWholeNumber(value, 200) && Number(value) < 600,
    },
    'headers?': objectOf('strings', isText),
    'body?': { expected: 'text or JSON', accepts: (value) => value !== undefined },
  },
  reset: {},
  hang: {},
  drip: { bytesPerSecond: wholeNumber(1) },
  redirect: { location: { expected: 'an absolute URL', accepts: isAbsoluteUrl } },
  loseAnswer: {},
  tokenResponse: { set: object },
  idToken: {
    claims: object,
    'alg?': oneOf('RS256', 'ES256', 'none'),
    'signer?': oneOf('provider', 'stranger'),
  },
  authorizationResponse: {
    set: objectOf('strings or nulls', (value) => value === null || isText(value)),
  },
}

const onlyEndpoint: Partial<Record<Fault['kind'], string>> = {
  tokenResponse: 'token',
  idToken: 'token',
  authorizationResponse: 'authorization',
}

/** Parses a fault request. @throws {BadInput} The message names every wrong field. */
export function parseFaultRequest(input: unknown): FaultRequest {
  if (!isJsonObject(input)) throw new BadInput(['the request: must be an object'])
  const problems = [
    ...problemsOf(input, requestRules),
    ...['endpoint', 'fault'].filter((name) => !(name in input)).map((name) => `${name}: missing`),
    ...(isJsonObject(input.fault) ? problemsOfFault(input.fault, input.endpoint) : []),
  ]
  if (problems.length > 0) throw new BadInput(problems)
  return input as unknown as FaultRequest
}

function problemsOfFault(fault: Record<string, unknown>, endpoint: unknown): string[] {
  const { kind, ...fields } = fault
  if (!isKind(kind)) return [`fault.kind: must be ${oneOf(...Object.keys(faultRules)).expected}`]
  const wanted = Object.entries(faultRules[kind])
  const rules = Object.fromEntries(wanted.map(([name, rule]) => [name.replace('?', ''), rule]))
  const missing = wanted
    .map(([name]) => name)
    .filter((name) => !/\?$/.test(name) && !(name in fields))
  const only = onlyEndpoint[kind]
  return [
    ...problemsOf(fields, rules).map((problem) => `fault.${problem}`),
    ...missing.map((name) => `fault.${name}: missing`),
    ...(only && endpoint !== only ? [`endpoint: must be "${only}" for the fault ${kind}`] : []),
  ]
}

function isKind(value: unknown): value is Fault['kind'] {
  return isText(value) && Object.hasOwn(faultRules, value)
}

function isAbsoluteUrl(value: unknown): boolean {
  return isText(value) && URL.canParse(value)
}
