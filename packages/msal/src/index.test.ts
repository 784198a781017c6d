import * as originalNames from '@azure/msal-browser'
import { expect, test } from 'vitest'
import * as ourNames from './index.ts'

const original = { ...originalNames }
const ours = { ...ourNames }

test('all names of the original are there, and no other', () => {
  expect(Object.keys(ours).sort()).toEqual(Object.keys(original).sort())
})

/** The names whose values are plain data. */
const DATA = [
  'ApiId',
  'AuthErrorCodes',
  'AuthenticationScheme',
  'AzureCloudInstance',
  'BrowserAuthErrorCodes',
  'BrowserCacheLocation',
  'BrowserConfigurationAuthErrorCodes',
  'BrowserRootPerformanceEvents',
  'CacheLookupPolicy',
  'ClientAuthErrorCodes',
  'ClientConfigurationErrorCodes',
  'DEFAULT_IFRAME_TIMEOUT_MS',
  'EventType',
  'InteractionRequiredAuthErrorCodes',
  'InteractionStatus',
  'InteractionType',
  'JsonWebTokenTypes',
  'LogLevel',
  'OIDC_DEFAULT_SCOPES',
  'PromptValue',
  'ProtocolMode',
  'ResponseMode',
  'WrapperSKU',
  'version',
] as const

test.each(DATA)('%s has the values of the original', (name) => {
  expect({ ...Object(ours[name]) }).toEqual({ ...Object(original[name]) })
})

test('the members of the application object are there', () => {
  const membersOf = (of: { prototype: object }) => Object.getOwnPropertyNames(of.prototype)
  const internal = ['waitForPopupResponse', 'waitForIframeResponse']
  const expected = membersOf(original.PublicClientApplication).filter(
    (name) => !internal.includes(name),
  )
  expect(membersOf(ours.PublicClientApplication)).toEqual(expect.arrayContaining(expected))
  expect(Object.keys(ours.stubbedPublicClientApplication).sort()).toEqual(
    Object.keys(original.stubbedPublicClientApplication).sort(),
  )
})

test.each(['BrowserAuthError', 'BrowserConfigurationAuthError'] as const)(
  '%s is an error of both libraries',
  (name) => {
    const error = new ours[name]('code', 'id', 'more')
    const theirs = new original[name]('code', 'id', 'more')
    expect(error).toBeInstanceOf(ours[name])
    expect(error).toBeInstanceOf(original.AuthError)
    expect({ ...error, text: error.message }).toEqual({ ...theirs, text: theirs.message })
  },
)

/** Values of the adapter stand in for values of the original, except for classes with private members. */
type Nominal =
  | 'BrowserPerformanceClient'
  | 'BrowserPerformanceMeasurement'
  | 'BrowserUtils'
  | 'EventHandler'
  | 'EventMessageUtils'
  | 'InteractionType'
  | 'LocalStorage'
  | 'MemoryStorage'
  | 'NavigationClient'
  | 'PublicClientApplication'
  | 'SessionStorage'
  | 'SignedHttpRequest'

test('the types of the values fit', () => {
  const values: Omit<typeof original, Nominal> = ours
  const application: originalNames.IPublicClientApplication = new ours.PublicClientApplication({
    auth: { clientId: 'spa' },
  })
  expect(values.version).toBe(original.version)
  expect(application.getAllAccounts()).toEqual([])
})
