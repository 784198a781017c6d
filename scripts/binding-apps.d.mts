export const BINDING_APPS: readonly string[]
/** The absolute path of the app of the documents. */
export function folderOfExample(name: string): string
/** The absolute path of the app that the suite drives. */
export function folderOfApp(name: string): string
/** The routers of the app `routers`; each has the base path of its name. */
export const ROUTERS: readonly string[]
