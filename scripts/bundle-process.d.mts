export function bundleProcess(
  entry: string,
  to: { readonly folder: string; readonly external: readonly string[] },
): Promise<string>
