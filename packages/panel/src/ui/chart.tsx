import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef } from 'react'
import UPlot from 'uplot'

const HEIGHT = 170
const DAY_S = 86_400
const time = { hour: '2-digit', minute: '2-digit' } as const
/** Marks that lie `step` seconds apart: as exact as that needs. */
const marks = [
  { below: 60, format: new Intl.DateTimeFormat(undefined, { ...time, second: '2-digit' }) },
  { below: DAY_S, format: new Intl.DateTimeFormat(undefined, time) },
  { below: Number.POSITIVE_INFINITY, format: new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' }) },
]
const markFormat = (step: number) => marks.find(({ below }) => step < below)?.format

/** One series over time. The last value stands in words beside the title, for those who cannot see the line. */
export default function Chart({
  title,
  points,
  unit,
}: {
  readonly title: string
  readonly points: readonly (readonly [at: number, value: number])[]
  readonly unit: string
}) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const style = getComputedStyle(element)
    const [line, grid, text] = ['--accent', '--line', '--dim'].map((name) => style.getPropertyValue(name).trim())
    const axis = {
      stroke: text ?? '',
      grid: { stroke: grid ?? '', width: 1 },
      ticks: { show: false },
      font: '11px sans-serif',
    }
    const plot = new UPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { y: false, sync: { key: 'usage' } },
        scales: { y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.15 : 1] } },
        axes: [
          {
            ...axis,
            size: 24,
            values: (_plot, values, _axis, _space, step) =>
              values.map((at) => markFormat(step)?.format(at * 1000) ?? ''),
          },
          { ...axis, size: 56, values: (_plot, values) => values.map((value) => `${inSteps(value, values)}${unit}`) },
        ],
        series: [
          {},
          {
            stroke: line ?? '',
            width: 1.5,
            fill: `color-mix(in srgb, ${line} 10%, transparent)`,
            points: { show: false },
          },
        ],
      },
      [points.map(([at]) => at / 1000), points.map(([, value]) => value)],
      element,
    )
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }))
    resize.observe(element)
    return () => {
      resize.disconnect()
      plot.destroy()
    }
  }, [points, unit])
  const last = points.at(-1)?.[1]
  return (
    <figure className="card chart">
      <figcaption className="spread">
        <b>{title}</b>
        <span className="dim">
          {last === undefined ? '–' : +last.toPrecision(3)}
          {unit}
        </span>
      </figcaption>
      <div ref={box} />
    </figure>
  )
}

/** With as many decimals as tell the marks of an axis apart. */
function inSteps(value: number, marks: readonly number[]): string {
  const step = Math.abs((marks[1] ?? 1) - (marks[0] ?? 0)) || 1
  return String(+value.toFixed(Math.min(6, Math.max(0, Math.ceil(-Math.log10(step)) + 1))))
}
