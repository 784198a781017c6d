import type { Flows } from '../calls/flows.ts'
import type { AppContext } from '../context/app-context.ts'

/** Loads the flows once. After a failure it tries again. */
export function createFlowsLoader(context: AppContext) {
  let flows: Flows | undefined
  let loading: Promise<Flows> | undefined

  const load = (): Promise<Flows> => {
    loading ??= import('../calls/flows.ts').then(({ createFlows }) => {
      flows = createFlows(context)
      return flows
    })
    loading.catch(() => {
      loading = undefined
    })
    return loading
  }
  /** Calls at once if the flows are there, so that a popup opens within its click. */
  const run = <T>(call: (flows: Flows) => Promise<T>): Promise<T> =>
    flows ? call(flows) : load().then(call)
  return {
    load,
    run,
    leave: (...about: Parameters<Flows['leave']>) => run((there) => there.leave(...about)),
  }
}
