export const BINDING_APPS: readonly string[]
/** The absolute path of the app that the suite drives. */
export function folderOfApp(name: string): string
