#!/usr/bin/env node
import { readCommandLine, usage } from './command-line.ts'
import { startIdentityProvider } from './identity-provider.ts'

try {
  const command = readCommandLine(process.argv.slice(2))
  if (command.help) console.log(usage)
  else {
    const { issuer, close } = await startIdentityProvider(command.options)
    console.log(issuer)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close())
  }
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : cause)
  process.exitCode = 1
}
