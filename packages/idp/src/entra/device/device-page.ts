import { html } from '../../pages/html.ts'
import { type Answer, type Call, page, redirect } from '../http/http.ts'
import type { Entra } from '../state/entra.ts'
import { isExpired } from './expiry.ts'

const WRONG = 'That code did not work. Check the code, or start again on your device.'

/** `/common/oauth2/deviceauth`: the page where the user types the code. `?otc=` fills it in. */
export function askForUserCode(entra: Entra, call: Call): Answer {
  const { deviceCodes, state, turns } = entra
  const userCode = call.parameters.get('otc') ?? ''
  const settings = state.settings.get()
  if (call.method !== 'POST') return page(settings, 'Enter code', form(userCode))
  const device = deviceCodes.waiting(userCode)
  if (!device || isExpired(device, settings))
    return page(settings, 'Enter code', form(userCode, WRONG))
  const turn = { ...turns.begin(device.request, undefined), userCode: device.userCode }
  turns.save(turn)
  return redirect(`/interaction/${turn.id}`)
}

const form = (userCode: string, problem?: string) => html`
${problem !== undefined && html`<p role="alert">${problem}</p>`}
<p class="quiet">Enter the code of your app or device. Continue only if you began the sign-in there yourself.</p>
<form method="post">
<label for="otc">Code</label>
<input id="otc" name="otc" value="${userCode}" autocomplete="off" autocapitalize="characters" required>
<div class="buttons"><button class="main">Next</button></div>
</form>`
