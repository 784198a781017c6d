import { BadInput, isText, isWholeNumber, oneOf, problemsOf, type Rule } from './bad-input.ts'
import { isEndpoint } from './endpoints.ts'
import { isJsonObject } from './json.ts'
import type { Settings } from './settings.ts'

const seconds: Rule = {
  expected: 'a whole number of seconds, at least 1',
  accepts: (value) => isWholeNumber(value, 1),
}
const headerOrNull: Rule = {
  expected: 'a header value or null',
  accepts: (value) => value === null || (isText(value) && /^[\t\x20-\x7e]+$/.test(value)),
}
const yesOrNo = oneOf(true, false)

const rules: Record<keyof Settings, Rule> = {
  accessTokenLifetime: seconds,
  idTokenLifetime: seconds,
  refreshTokenLifetime: seconds,
  latencyMs: {
    expected: 'a number of milliseconds, or an object with such numbers by endpoint',
    accepts: (value) =>
      isMilliseconds(value) ||
      (isJsonObject(value) &&
        Object.entries(value).every(([name, ms]) => isEndpoint(name) && isMilliseconds(ms))),
  },
  refreshTokens: oneOf('always', 'offline_access', 'never'),
  rotateRefreshTokens: yesOrNo,
  consent: oneOf('ask', 'skip'),
  signInAs: {
    expected: 'a user name or null',
    accepts: (value) => value === null || isText(value),
  },
  discovery: { expected: 'an object', accepts: isJsonObject },
  apiParameter: oneOf('resource', 'audience'),
  crossOriginOpenerPolicy: headerOrNull,
  frameOptions: headerOrNull,
  signedIdTokenOnRefresh: yesOrNo,
  revokedTokens: oneOf('invalid_token', 'insufficient_claims'),
  highestAcr: oneOf('pwd', 'mfa'),
  exposedHeaders: headerOrNull,
  refusedRequestHeaders: {
    expected: 'a list of header names in lower case',
    accepts: (value) =>
      Array.isArray(value) && value.every((name) => isText(name) && /^[a-z0-9-]+$/.test(name)),
  },
  resourceMetadata: {
    expected: 'an object or null',
    accepts: (value) => value === null || isJsonObject(value),
  },
  dpop: oneOf('off', 'allowed', 'required'),
  authorizationServerNonces: oneOf('off', 'required', 'once'),
  apiNonces: oneOf('off', 'required', 'once'),
  nonceLifetime: seconds,
  burnsRefreshTokens: yesOrNo,
  apiClockOffset: { expected: 'a whole number of seconds', accepts: Number.isSafeInteger },
  requirePushedRequests: yesOrNo,
  announceRefreshTokenExpiry: yesOrNo,
  spaRefreshTokenLifetime: seconds,
  refreshTokenReuse: oneOf('allowed', 'refused', 'ends'),
  refreshTokenGrace: {
    expected: 'a whole number of seconds',
    accepts: (value) => isWholeNumber(value, 0),
  },
  refreshIn: {
    expected: 'a whole number of seconds, at least 1, or null',
    accepts: (value) => value === null || isWholeNumber(value, 1),
  },
  deviceCodeLifetime: {
    expected: 'a whole number of seconds',
    accepts: (value) => isWholeNumber(value, 0),
  },
  deviceCodeInterval: seconds,
  redirectUriType: oneOf('spa', 'web'),
  mfaRequired: yesOrNo,
  claimsChallenge: {
    expected: 'a JSON object as text, or null',
    accepts: (value) => value === null || (isText(value) && isJsonObject(parseJson(value))),
  },
}

/** Parses changes of settings. @throws {BadInput} The message names every wrong or unknown setting. */
export function parseSettings(input: unknown): Partial<Settings> {
  if (!isJsonObject(input)) throw new BadInput(['settings: must be an object'])
  const problems = problemsOf(input, rules)
  if (problems.length > 0) throw new BadInput(problems)
  return input as Partial<Settings>
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

function isMilliseconds(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 2 ** 31 - 1
}
