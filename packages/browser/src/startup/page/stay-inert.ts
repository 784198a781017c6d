/** A promise that never settles: the app must not start in a popup or an iframe of a flow. */
export const stayInert = () => new Promise<never>(() => undefined)
