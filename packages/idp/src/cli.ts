#!/usr/bin/env node
import { readCommandLine, usage } from './command-line.ts'
import { startEntraProvider } from './entra/start-entra-provider.ts'
import { startIdentityProvider } from './provider/identity-provider.ts'

try {
  const command = readCommandLine(process.argv.slice(2))
  if (command.help) console.log(usage)
  else {
    const { address, close } = await start(command)
    console.log(address)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close())
  }
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : cause)
  process.exitCode = 1
}

/** Starts the provider. The address is the authority for the configuration of a client. */
async function start({ profile, options }: ReturnType<typeof readCommandLine>) {
  if (profile === 'oidc') {
    const { close, issuer } = await startIdentityProvider(options)
    return { address: issuer, close }
  }
  const { authority, close } = await startEntraProvider(options)
  return { address: authority('home'), close }
}
