import { LineChart } from 'echarts/charts'
import {
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TitleComponent,
} from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { type Fleet, type Load, WINDOW_SECONDS } from './simulate.ts'

use([LineChart, GridComponent, MarkAreaComponent, MarkLineComponent, TitleComponent, SVGRenderer])

const SIZE = { width: 860, height: 360 }
const TEXT = { color: '#1f2933', fontFamily: 'system-ui, sans-serif' }
const TITLE = 'One million sessions, an outage of ten minutes: requests per second'
const TICK_MINUTES = 20

/** Draws the requests per second over time, with the outage and the limit, as SVG. */
export function plotFleet({ rates, steady }: Load, { outageFromMs, outageForMs }: Fleet): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...SIZE })
  const minutesOf = (ms: number) => ms / 60_000
  const outage = [outageFromMs, outageFromMs + outageForMs].map(minutesOf)
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: TEXT,
    title: { text: TITLE, left: 16, top: 10, textStyle: { ...TEXT, fontSize: 15 } },
    grid: { left: 60, right: 24, top: 52, bottom: 48 },
    xAxis: {
      type: 'value',
      name: 'minutes',
      nameLocation: 'middle',
      nameGap: 28,
      max: Math.floor((rates.length * WINDOW_SECONDS) / 60 / TICK_MINUTES) * TICK_MINUTES,
      interval: TICK_MINUTES,
    },
    yAxis: { type: 'value' },
    series: {
      type: 'line',
      silent: true,
      showSymbol: false,
      lineStyle: { width: 1.5, color: '#2f6f4f' },
      data: rates.map((rate, index) => [(index * WINDOW_SECONDS) / 60, Math.round(rate)]),
      markArea: {
        itemStyle: { color: '#f3d9d4' },
        label: { ...TEXT, formatter: 'outage', position: 'insideTop' },
        data: [[{ xAxis: outage[0] }, { xAxis: outage[1] }]],
      },
      markLine: {
        symbol: 'none',
        lineStyle: { color: '#8a94a6', type: 'dashed' },
        label: { ...TEXT, formatter: 'twice the steady rate', position: 'insideEndTop' },
        data: [{ yAxis: Math.round(2 * steady) }],
      },
    },
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  const still = svg.replace(/<style[\s\S]*?<\/style>\n?/, '')
  return `${still.replace(/(<svg [^>]*>)/, `$1\n<title>${TITLE}</title>`)}\n`
}
