/** The target of a navigation. */
export interface Destination {
  readonly url: string
  /** Parameters that are posted to `url`, as a form does. */
  readonly form?: Readonly<Record<string, string>> | undefined
  /** Loaded instead if the policy of the page (CSP `form-action`) forbids the form. */
  readonly withoutForm?: string | undefined
}

/** Navigates a window, which shows a page of this origin. */
export function goTo({ url, form, withoutForm }: Destination, window: Window): void {
  if (form) post(url, form, window, withoutForm)
  // An empty popup needs no history entry.
  else if (window === globalThis.window) window.location.assign(url)
  else window.location.replace(url)
}

function post(
  url: string,
  form: Readonly<Record<string, string>>,
  window: Window,
  withoutForm: string | undefined,
): void {
  const { document } = window
  const element = document.createElement('form')
  element.method = 'post'
  element.action = url
  element.hidden = true
  for (const [name, value] of Object.entries(form)) {
    const input = document.createElement('input')
    Object.assign(input, { type: 'hidden', name, value })
    element.append(input)
  }
  const whenRefused = ({ effectiveDirective }: SecurityPolicyViolationEvent) => {
    if (effectiveDirective !== 'form-action') return
    document.removeEventListener('securitypolicyviolation', whenRefused)
    if (withoutForm !== undefined) goTo({ url: withoutForm }, window)
  }
  document.addEventListener('securitypolicyviolation', whenRefused)
  document.documentElement.append(element)
  // A parameter named `submit` hides the method of the form.
  HTMLFormElement.prototype.submit.call(element)
  element.remove()
}
