import type { AuthClient } from '@carnet/browser'
import { connect } from './account/auth.ts'
import { createHowToAsk } from './account/how-to-ask.ts'
import { createInteractionChoice } from './account/interaction-choice.ts'
import { createTokenBinding } from './account/token-binding.ts'
import { runApp } from './app.ts'
import { createChallengeDialog } from './challenges/challenge-dialog.ts'
import { createNetworkSwitch } from './provider/network-switch.ts'
import { createProviderControl } from './provider/provider-control.ts'
import { createProviderPanel } from './provider/provider-panel.ts'
import { brand } from './ui/brand.ts'
import { currentRoute } from './ui/router.ts'
import { createTicker } from './ui/ticker.ts'
import { createShell } from './views/shell.ts'
import { createSignedOut } from './views/signed-out.ts'
import { showWaiting } from './views/waiting.ts'
import { readAuthority } from './ways/addresses.ts'
import { createWaysSwitch } from './ways/ways-switch.ts'

const authority = readAuthority()
const networkSwitch = createNetworkSwitch()
const network = networkSwitch.over
const control = createProviderControl(authority)
const choice = createInteractionChoice()
const dialog = createChallengeDialog(choice)
// Create the client first, because the router must not see an authorization response in the address.
// In a popup or an iframe that only delivers a response, `connect` never settles.
const stopWaiting = showWaiting()
const { auth, error } = await connect(authority, networkSwitch.fetch)
stopWaiting()

const shell = createShell(...createWaysSwitch('browser'))
const ticker = createTicker()
shell.settings.append(createHowToAsk(choice), createTokenBinding())
shell.below.append(createProviderPanel(control, networkSwitch, ticker), dialog.element)
if (error !== undefined) shell.report(error)
if (auth) run(auth)
else offerAgain()

function run(auth: AuthClient) {
  dialog.follow(auth)
  return runApp({ auth, authority, network, control, shell, choice, ticker })
}

/** Without a client, the buttons try to create the client and continue with it. */
function offerAgain(): void {
  const goOnWith = (what: 'signIn' | 'continueSilently') => async () => {
    const next = await connect(authority, networkSwitch.fetch)
    if (!next.auth) {
      shell.report(next.error)
      return
    }
    shell.dismiss()
    await run(next.auth)[what]()
  }
  shell.header.replaceChildren(brand())
  shell.show(
    createSignedOut({
      authority,
      route: currentRoute(),
      others: [],
      signIn: goOnWith('signIn'),
      continueSilently: goOnWith('continueSilently'),
      resume: () => {},
    }),
  )
}
