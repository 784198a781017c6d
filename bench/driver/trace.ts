import type { CDPSession } from 'playwright'

/** An instant in a trace. */
export interface TraceEvent {
  readonly name: string
  /** The process and the thread. */
  readonly thread: string
  /** The CPU time of the thread until this instant, in milliseconds. */
  readonly cpuMs: number
}

/** The User Timing marks of the page and the commits of its navigations, with the CPU time of their thread. */
export async function recordTrace(
  devTools: CDPSession,
  act: () => Promise<void>,
): Promise<TraceEvent[]> {
  const events: TraceEvent[] = []
  const collect = ({ value }: { value: readonly object[] }) => {
    events.push(...value.flatMap(parseEvent))
  }
  devTools.on('Tracing.dataCollected', collect)
  await devTools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['blink.user_timing', 'devtools.timeline'] },
  })
  await act()
  const complete = new Promise((resolve) => devTools.once('Tracing.tracingComplete', resolve))
  await devTools.send('Tracing.end')
  await complete
  devTools.off('Tracing.dataCollected', collect)
  return events
}

function parseEvent(event: object): TraceEvent[] {
  const { name, pid, tid, tts } = { name: undefined, pid: 0, tid: 0, tts: undefined, ...event }
  return typeof name === 'string' && typeof tts === 'number'
    ? [{ name, thread: `${pid}/${tid}`, cpuMs: tts / 1000 }]
    : []
}
