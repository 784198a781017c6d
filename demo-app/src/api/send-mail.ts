import type { AuthenticationResult } from '@carnet/browser'
import { repeatableButton } from '../ui/button.ts'
import { element } from '../ui/element.ts'
import { type ApiCallOptions, createApiCall } from './api-call.ts'
import type { createDraft } from './draft.ts'
import type { Mail } from './mail.ts'

/** A form that requests the scope `mail.send` only when the user sends a mail. */
export function createSendMail(
  options: Omit<ApiCallOptions, 'call'> & {
    readonly draft: ReturnType<typeof createDraft>
    readonly send: (mail: Mail) => Promise<void>
    readonly announce: (text: string) => void
  },
) {
  const { scope, draft, send, announce } = options
  const kept = draft.recall()
  const to = field('mail-to', 'To', { type: 'email', autocomplete: 'off' }, kept?.to)
  const subject = field('mail-subject', 'Subject', { type: 'text' }, kept?.subject)

  const { permission, content, updatePlan, run, goOnWith } = createApiCall({
    ...options,
    acquire: () => keeping(options.acquire),
    insist: () => keeping(options.insist),
    call: deliver,
  })

  /** Saves the draft before the request, because a redirect clears the form. */
  function keeping(ask: () => Promise<AuthenticationResult>): Promise<AuthenticationResult> {
    draft.keep({ to: to.input.value, subject: subject.input.value })
    return ask()
  }

  async function deliver(): Promise<HTMLElement> {
    draft.forget()
    const mail = { to: to.input.value, subject: subject.input.value }
    // "Ask again for permission" works without a complete form, and then there is no mail to send.
    if (!form.checkValidity()) return said('You can send mail now.')
    await send(mail)
    form.reset()
    return said(`Sent “${mail.subject}” to ${mail.to}.`)
  }

  function said(text: string): HTMLElement {
    announce(text)
    return element('p', { class: 'quiet' }, text)
  }

  const form: HTMLFormElement = element(
    'form',
    { class: 'send-mail', 'aria-labelledby': 'send-mail-heading' },
    element('h3', { id: 'send-mail-heading' }, 'Write a mail'),
    element(
      'p',
      { class: 'quiet' },
      'Requests this scope when you send: ',
      element('code', {}, scope),
    ),
    element('div', { class: 'fields' }, to.row, subject.row),
    permission,
    element(
      'div',
      { class: 'actions' },
      // Run in the click handler, so that a popup may open. The browser reports invalid fields itself.
      repeatableButton('Send mail', () => (form.checkValidity() ? run() : undefined), {
        type: 'submit',
      }),
    ),
    content,
  )
  form.addEventListener('submit', (event) => event.preventDefault())

  return {
    form,
    updatePlan,
    /** Sends the draft with the result of the redirect. */
    async openWith(result: AuthenticationResult): Promise<void> {
      form.scrollIntoView({ block: 'nearest' })
      await goOnWith(result)
    },
  }
}

function field(id: string, label: string, attributes: Record<string, string>, value = '') {
  const input = element('input', { id, required: true, ...attributes })
  input.value = value
  return {
    input,
    row: element('div', { class: 'field' }, element('label', { for: id }, label), input),
  }
}
