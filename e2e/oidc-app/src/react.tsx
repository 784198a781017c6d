/** An app with react-oidc-context. The build decides which library is below it. */
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { AuthProvider, useAuth } from 'react-oidc-context'

const authority = document.querySelector<HTMLMetaElement>('meta[name=carnet-authority]')

const SETTINGS = {
  authority: authority?.content ?? '',
  client_id: 'spa',
  redirect_uri: `${location.origin}/react.html`,
  post_logout_redirect_uri: `${location.origin}/react.html`,
  popup_redirect_uri: `${location.origin}/callback.html`,
  silent_redirect_uri: `${location.origin}/callback.html`,
  scope: 'openid profile calendar.read',
}

const removeResponse = () => history.replaceState(null, '', location.pathname)

function App() {
  const auth = useAuth()
  const [note, setNote] = useState('')
  const click = (call: () => Promise<unknown>) => () =>
    void call().then(
      () => setNote('done'),
      (error: Error) => setNote(error.message),
    )

  if (auth.isLoading) return <p>Loading</p>
  return (
    <main>
      <h1>{auth.isAuthenticated ? `Hello ${auth.user?.profile.name}` : 'Signed out'}</h1>
      {auth.error && <p role="alert">{auth.error.message}</p>}
      <p>Came back to: {String((auth.user?.state as { tab?: string } | undefined)?.tab)}</p>
      <p>Scopes: {auth.user?.scopes.toSorted().join(' ')}</p>
      <p>Last action: {note}</p>
      <button type="button" onClick={click(() => auth.signinRedirect({ state: { tab: 'inbox' } }))}>
        Sign in
      </button>
      <button type="button" onClick={click(() => auth.signinPopup())}>
        Sign in with a popup
      </button>
      <button type="button" onClick={click(() => auth.signinSilent())}>
        Renew
      </button>
      <button type="button" onClick={click(() => auth.removeUser())}>
        Forget me
      </button>
      <button type="button" onClick={click(() => auth.signoutRedirect())}>
        Sign out
      </button>
    </main>
  )
}

const root = document.querySelector('#root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <AuthProvider {...SETTINGS} onSigninCallback={removeResponse}>
        <App />
      </AuthProvider>
    </StrictMode>,
  )
