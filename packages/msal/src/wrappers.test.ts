import { MsalProvider } from '@azure/msal-react'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { PublicClientApplication } from './index.ts'

test('MsalProvider takes an application object, also on a server', () => {
  const instance = new PublicClientApplication({ auth: { clientId: 'spa' } })
  expect(renderToString(createElement(MsalProvider, { instance }, 'content'))).toBe('content')
})
