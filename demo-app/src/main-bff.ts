import { runBff } from './bff/run-bff.ts'
import { createFrame } from './ui/frame.ts'
import { createTicker } from './ui/ticker.ts'
import { readAuthority } from './ways/addresses.ts'
import { createWaysSwitch } from './ways/ways-switch.ts'

const frame = createFrame(...createWaysSwitch('server'))
await runBff({ frame, ticker: createTicker(), authority: readAuthority() })
