/** The engines that the stories in this folder run in. */
export const engineNames = ['chromium', 'firefox', 'webkit'] as const
export type EngineName = (typeof engineNames)[number]

/**
 * A browser with an empty profile. Playwright and WebDriver both implement this interface.
 *
 * WebDriver runs one command at a time, so an `evaluate` that waits blocks all tabs. Start long work in one
 * `evaluate`, store its outcome on `window`, and read it in another.
 */
export interface Engine {
  readonly name: EngineName
  /** The version for the report, for example `Firefox 153.8.0, by Marionette`. */
  readonly version: string
  /** Opens a new tab, and waits until the page has loaded. */
  openTab(url: string): Promise<Tab>
  /**
   * Runs an action that makes a page open a window, and returns that window. Browsers block windows without a click,
   * so `action` should call {@link Tab.click}.
   */
  windowOpenedBy(action: () => Promise<void>): Promise<Tab>
  /** Ends the browser and all processes that were started for it. */
  close(): Promise<void>
}

/** A visible page: a tab or a popup window. */
export interface Tab {
  /** Loads an address, and waits until the page has loaded. */
  goTo(url: string): Promise<void>
  reload(): Promise<void>
  /** The address in the address bar. */
  url(): Promise<string>
  /**
   * Runs a function in the page. The argument, and the value that the function returns or resolves to, are JSON data.
   *
   * @throws If the function throws, or the page unloads meanwhile.
   */
  evaluate<Result>(run: () => Result | Promise<Result>): Promise<Result>
  evaluate<Result, Argument>(
    run: (argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ): Promise<Result>
  /** Waits for a button with exactly this text, and clicks it as a user does. */
  click(button: string): Promise<void>
  /** Waits for the field with this `name`, and replaces its text. */
  fill(field: string, text: string): Promise<void>
  /** Closes the tab as a user does. */
  close(): Promise<void>
  isClosed(): Promise<boolean>
}

/** The timeout of a step. It is long, so that only a missing step fails on a busy machine. */
export const PATIENCE_MS = 45_000

/**
 * Polls until the result is not `undefined`.
 *
 * @param what The name of the awaited thing, for the error message.
 * @param ask Its errors are ignored, because pages may unload meanwhile. The last one is the cause of the timeout error.
 */
export async function comes<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const endMs = Date.now() + PATIENCE_MS
  let last: unknown
  for (;;) {
    try {
      const answer = await ask()
      if (answer !== undefined) return answer
    } catch (error) {
      last = error
    }
    if (Date.now() > endMs) throw new Error(`${what} did not come.`, { cause: last })
    await new Promise((next) => setTimeout(next, 50))
  }
}

/** The XPath of the button with exactly this text. */
export const buttonPath = (text: string): string => `//button[normalize-space(.)="${text}"]`

/** The XPath of the field with this name. */
export const fieldPath = (name: string): string => `//input[@name="${name}"]`
