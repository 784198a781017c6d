/**
 * A command-line tool that shows the calendar of its user. The user signs in once: by the browser, or with `--device` by a code on
 * another device. `--sign-out` forgets the user. `node calendar-cli.js` needs CLIENT_ID, AUTHORITY, SCOPE, API, FOLDER and CARNET_KEYS.
 */
import { pathToFileURL } from 'node:url'
import {
  createPublicClient,
  isAuthError,
  isInteractionRequired,
  keyring,
  type PublicClient,
} from '@carnet/node'
import { fileStore } from '@carnet/node/file'

type Environment = Readonly<Record<string, string | undefined>>

async function tokenFor(app: PublicClient, scopes: readonly string[], byDevice: boolean) {
  try {
    return await app.acquireTokenSilent({ scopes })
  } catch (error) {
    if (!isInteractionRequired(error) && !isAuthError(error, 'no_account')) throw error
  }
  const onCode = ({ message }: { readonly message: string }) => console.log(message)
  if (byDevice) return app.acquireTokenByDeviceCode({ scopes, onCode })
  try {
    return await app.acquireTokenInteractive({ scopes })
  } catch (error) {
    // A machine without a display: the user takes another device.
    if (!isAuthError(error, 'browser_unavailable')) throw error
    return app.acquireTokenByDeviceCode({ scopes, onCode })
  }
}

export async function runCalendar(env: Environment, args: readonly string[]): Promise<void> {
  const { CLIENT_ID = '', AUTHORITY = '', SCOPE = '', API = '', FOLDER = '', CARNET_KEYS } = env
  const app = await createPublicClient({
    clientId: CLIENT_ID,
    authority: AUTHORITY,
    cache: { store: fileStore({ folder: FOLDER }), keys: keyring(CARNET_KEYS) },
  })
  try {
    if (args.includes('--sign-out')) {
      for (const account of await app.accounts()) await app.signOut(account)
      return console.log('Signed out.')
    }
    const { accessToken, account } = await tokenFor(app, [SCOPE], args.includes('--device'))
    const answer = await fetch(API, { headers: { authorization: `Bearer ${accessToken}` } })
    console.log(`The calendar of ${account?.name ?? account?.username}:`, await answer.text())
  } finally {
    await app.close()
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await runCalendar(process.env, process.argv.slice(2))
