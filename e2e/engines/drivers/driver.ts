/** The engines that the stories in this folder run in. */
export const engineNames = ['chromium', 'firefox', 'webkit'] as const
export type EngineName = (typeof engineNames)[number]

/**
 * A browser with an empty profile, in words that Playwright and WebDriver can both say.
 *
 * WebDriver carries out one command at a time. So an `evaluate` that waits keeps all tabs waiting: start long work in one
 * `evaluate`, leave its outcome on `window`, and ask for it in another.
 */
export interface Engine {
  readonly name: EngineName
  /** For people who read the report, for example `Firefox 153.8.0, by Marionette`. */
  readonly version: string
  /** Opens a tab of its own, and waits until the page has loaded. */
  openTab(url: string): Promise<Tab>
  /**
   * Does something that makes a page open a window, and returns that window. Browsers block windows without a click:
   * `action` should call {@link Tab.click}.
   */
  windowOpenedBy(action: () => Promise<void>): Promise<Tab>
  /** Ends the browser and everything that was started for it. */
  close(): Promise<void>
}

/** A page that a person sees: a tab or a popup window. */
export interface Tab {
  /** Loads an address, and waits until the page has loaded. */
  goTo(url: string): Promise<void>
  reload(): Promise<void>
  /** The address that the browser shows. */
  url(): Promise<string>
  /**
   * Runs a function in the page. The argument, and the value that the function returns or resolves to, are JSON data.
   *
   * @throws When the function throws, or the page is left meanwhile.
   */
  evaluate<Result>(run: () => Result | Promise<Result>): Promise<Result>
  evaluate<Result, Argument>(
    run: (argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ): Promise<Result>
  /** Clicks the first button with exactly this text, as a person does, once it is there. */
  click(button: string): Promise<void>
  /** Replaces the text of the field whose `name` this is, once it is there. */
  fill(field: string, text: string): Promise<void>
  /** Closes the tab, as a person does. */
  close(): Promise<void>
  isClosed(): Promise<boolean>
}

/** How long a step may take. A busy machine must not matter; only a step that never comes should. */
export const PATIENCE_MS = 45_000

/**
 * Asks again and again until the answer is not `undefined`.
 *
 * @param what Named in the error when it never comes.
 * @param ask What it throws counts as no answer: pages come and go meanwhile. The error names the last one.
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
