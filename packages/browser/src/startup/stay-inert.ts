/** Never settles: in the window or the frame of a flow, the app must not start. */
export const stayInert = () => new Promise<never>(() => undefined)
