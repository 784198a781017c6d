import { BarChart } from 'echarts/charts'
import { GridComponent, TitleComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { Figures } from '../figures/figures.ts'
import { type Library, libraries, packageOf } from '../figures/libraries.ts'
import { digits } from './format.ts'
import { type Condition, lookUp } from './lookup.ts'

use([BarChart, GridComponent, TitleComponent, SVGRenderer])

interface Panel {
  readonly title: string
  readonly figure: string
  readonly condition: Condition
  readonly scale: 'log' | 'value'
}

const PANELS: readonly Panel[] = [
  {
    title: 'Warm silent hit, µs (logarithmic)',
    figure: 'warm.p50',
    condition: { carnet: '10', 'msal-browser': '10', 'oidc-client-ts': '1' },
    scale: 'log',
  },
  {
    title: 'First token after a reload, ms',
    figure: 'load.token',
    condition: 'few',
    scale: 'value',
  },
  {
    title: 'Sign-in by redirect, 100 ms latency, ms',
    figure: 'signIn.ms',
    condition: 'redirect, 100 ms, first',
    scale: 'value',
  },
  {
    title: 'Main-thread CPU until ready, ms',
    figure: 'cpu.page',
    condition: { carnet: '3', 'msal-browser': '3', 'oidc-client-ts': '1', floor: '1' },
    scale: 'value',
  },
]

const COLORS: Readonly<Record<Library, string>> = {
  carnet: '#2f6f4f',
  'msal-browser': '#8a94a6',
  'oidc-client-ts': '#b6bdc9',
  floor: '#e3e6eb',
}

/** The width of the names of the libraries. */
const LABELS = 145

const SIZE = { width: 860, height: 430 }
const TEXT = { color: '#1f2933', fontFamily: 'system-ui, sans-serif' }

const TITLE = 'Carnet beside other libraries and the floor: shorter bars are better'

/** Draws four panels of bars as SVG. Shorter bars are better. */
export function plotOf(figures: Figures): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...SIZE })
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: TEXT,
    title: PANELS.map(({ title }, index) => ({
      text: title,
      ...placeOf(index, 8),
      textStyle: { ...TEXT, fontSize: 14, fontWeight: 600 },
    })),
    grid: PANELS.map((_panel, index) => ({
      ...placeOf(index, 36, LABELS),
      width: 220,
      height: 156,
    })),
    xAxis: PANELS.map(({ scale }, gridIndex) => ({
      gridIndex,
      type: scale,
      ...(scale === 'log' && { min: 0.01, startValue: 0.01 }),
      axisLabel: { show: false },
      splitLine: { show: false },
    })),
    yAxis: PANELS.map((_panel, gridIndex) => ({
      gridIndex,
      type: 'category',
      inverse: true,
      data: libraries.map((library) => packageOf[library]),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...TEXT, fontSize: 12 },
    })),
    series: PANELS.map((panel, index) => ({
      type: 'bar',
      silent: true,
      xAxisIndex: index,
      yAxisIndex: index,
      barWidth: 20,
      label: { ...TEXT, show: true, position: 'right', formatter: '{@[1]}' },
      data: libraries.map((library) => barOf(figures, panel, library)),
    })),
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  // Remove the styles for the pointer, because an image has no interaction.
  const still = svg.replace(/<style[\s\S]*?<\/style>\n?/, '')
  return `${still.replace(/(<svg [^>]*>)/, `$1\n<title>${TITLE}</title>`)}\n`
}

/** Two columns of two. */
const placeOf = (index: number, top: number, left = 0) => ({
  left: 8 + left + (index % 2) * 430,
  top: top + Math.floor(index / 2) * 210,
})

function barOf(figures: Figures, { figure, condition }: Panel, library: Library) {
  const isMapRead = figure === 'warm.p50' && library === 'floor'
  const found = isMapRead
    ? figures.physics?.mapRead?.floor
    : lookUp(figures, figure, condition, library)
  return {
    value: found?.median ?? null,
    itemStyle: { color: COLORS[library] },
    label: { formatter: found ? digits(found.median) : '' },
  }
}
