import type { SoakFigures } from './soak.ts'

/** The figures of a soak as a table of Markdown. */
export function soakTable(figures: SoakFigures): string {
  const failed = Object.entries(figures.failures).map(([code, count]) => `${count} \`${code}\``)
  const rows: readonly (readonly [string, string])[] = [
    ['minutes', inWords(figures.minutes)],
    ['processes, sessions', `${figures.processes}, ${figures.sessions}`],
    ['kills with -9, freezes of 20 s', `${figures.kills}, ${figures.freezes}`],
    ['calls of the processes that lived to the end', inWords(figures.calls)],
    ['renewals at the provider', inWords(figures.renewals)],
    ['longest wait of a call', `${(figures.longestWaitMs / 1000).toFixed(1)} s`],
    ['failed calls', failed.length > 0 ? failed.join(', ') : '0'],
    ['answers about another user', inWords(figures.foreign)],
    ['sessions lost', inWords(figures.lost)],
    ['sessions that a new process renewed at the end', inWords(figures.alive)],
  ]
  const lines = rows.map(([name, value]) => `| ${name} | ${value} |`)
  return ['| figure | value |', '| --- | --- |', ...lines].join('\n')
}

const inWords = (count: number) => count.toLocaleString('en')
