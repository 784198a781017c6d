import type { App, AppOptions } from './app.ts'

/** The options of an app whose keys are in the worker. */
export const keysInWorker = (app: Pick<App, 'idp'>): AppOptions => ({
  dpop: { key: 'worker' },
  tokens: 'worker',
  renewal: { enabled: false },
  resources: { [`${app.idp.issuer}/api/`]: ['calendar.read'] },
})

/** The claims of a proof, or the answer without a proof. */
export interface Taken {
  readonly type: string
  readonly claims?: { readonly htu: string; readonly iat: number }
  readonly isRefused?: boolean
}

/** Asks the worker for a proof, as an injected script would that knows the messages and the key. */
export const takesProof = (app: App, jkt: string, request: Record<string, unknown>) =>
  app.page.evaluate(
    async ([prove, asked]) => {
      const { workerArgs } = window as unknown as {
        workerArgs: ConstructorParameters<typeof SharedWorker>
      }
      const worker = new SharedWorker(...workerArgs)
      const answer = await new Promise<Record<string, never>>((resolve) => {
        worker.port.onmessage = ({ data }) => {
          if (data.type !== 'ready') resolve(data)
        }
        worker.port.postMessage({ id: 1, aboutKey: { prove, request: asked } })
      })
      const { proof, isRefused } = (answer.key ?? {}) as { proof?: string; isRefused?: boolean }
      const claims =
        proof && JSON.parse(atob((proof.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')))
      return { type: `${answer.type}`, claims, isRefused }
    },
    [jkt, request] as const,
  ) as Promise<Taken>

/** Keeps the address of each shared worker that the app creates. Call it before the app starts. */
export async function watchesWorkers(app: App): Promise<void> {
  await app.page.addInitScript(() => {
    const Original = window.SharedWorker
    window.SharedWorker = class extends Original {
      constructor(...given: ConstructorParameters<typeof SharedWorker>) {
        super(...given)
        Object.assign(window, { workerArgs: [`${given[0]}`, given[1]] })
      }
    }
  })
  await app.page.reload()
}
