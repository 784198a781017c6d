/** An app of `@azure/msal-react`, as its samples are written. */
import { InteractionStatus, PublicClientApplication } from '@azure/msal-browser'
import {
  AuthenticatedTemplate,
  MsalProvider,
  UnauthenticatedTemplate,
  useAccount,
  useMsal,
} from '@azure/msal-react'
import { createElement as h, StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { configurationOf } from './configuration.ts'

const SCOPES = ['User.Read']

function Button({ onClick, label }: { onClick: () => void; label: string }) {
  return h('button', { type: 'button', onClick }, label)
}

function Status() {
  const { inProgress, accounts } = useMsal()
  const isReady = inProgress === InteractionStatus.None
  return h('p', { role: 'status' }, isReady ? `${accounts.length} accounts` : inProgress)
}

function SignIn() {
  const { instance } = useMsal()
  const byPopup = () => instance.loginPopup({ scopes: SCOPES }).catch(console.error)
  const byRedirect = () => instance.loginRedirect({ scopes: SCOPES }).catch(console.error)
  return h('div', null, [
    h('p', { key: 'text' }, 'Nobody is signed in.'),
    h(Button, { key: 'popup', onClick: () => void byPopup(), label: 'Sign in by popup' }),
    h(Button, {
      key: 'redirect',
      onClick: () => void byRedirect(),
      label: 'Sign in by redirect',
    }),
  ])
}

function Profile() {
  const { instance, accounts } = useMsal()
  const account = useAccount(accounts[0])
  const [token, setToken] = useState('none')
  async function ask(forceRefresh: boolean): Promise<void> {
    const request = { scopes: SCOPES, ...(account && { account }), forceRefresh }
    const result = await instance.acquireTokenSilent(request)
    setToken(`${result.scopes.includes('User.Read')} ${result.fromCache ? 'cache' : 'network'}`)
  }
  const signOut = () => instance.logoutRedirect({ account: account ?? null })
  return h('div', null, [
    h('p', { key: 'name' }, `Signed in as ${account?.username}.`),
    h('output', { key: 'token' }, token),
    h(Button, { key: 'cache', onClick: () => void ask(false), label: 'Get a token' }),
    h(Button, { key: 'network', onClick: () => void ask(true), label: 'Get a new token' }),
    h(Button, { key: 'out', onClick: () => void signOut(), label: 'Sign out' }),
  ])
}

const instance = new PublicClientApplication(configurationOf('react.html'))
const root = document.querySelector('#root')
if (!root) throw new Error('The page has no root.')
createRoot(root).render(
  h(StrictMode, null, [
    h(MsalProvider, { key: 'provider', instance }, [
      h(Status, { key: 'status' }),
      h(AuthenticatedTemplate, { key: 'in' }, h(Profile)),
      h(UnauthenticatedTemplate, { key: 'out' }, h(SignIn)),
    ]),
  ]),
)
