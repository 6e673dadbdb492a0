import type { Analysis } from '../../analysis.ts'
import { type Chart, figure } from '../chart.ts'
import { heatMap } from '../charts/heat-map.ts'
import { counted, type Format, sentence } from '../format.ts'
import { html } from '../html.ts'
import { missing, type Section } from '../section.ts'
import { tableOf } from '../table.ts'

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
const hourOf = (hour: number): string => `${String(hour).padStart(2, '0')}:00`

/** When orders are placed, by weekday and hour. */
export function hoursSection({ firstLook: { hours, timing } }: Analysis, format: Format): Section {
  const title = 'When customers buy'
  const most = Math.max(...hours, 0)
  if (most === 0) return { id: 'hours', title, charts: [], html: missing('No order has a time of day.') }
  const at = hours.indexOf(most)
  const isMidnightOnly = hours.every((orders, slot) => slot % 24 === 0 || orders === 0)
  const slot = (day: number, hour: number): number => hours[day * 24 + hour] ?? 0
  const chart: Chart = {
    id: 'hours',
    title: 'Orders by weekday and hour',
    summary: `most orders come on ${weekdays[Math.floor(at / 24)]} from ${hourOf(at % 24)}: ${format.count(most)}`,
    height: 300,
    option: heatMap({
      xLabels: Array.from({ length: 24 }, (_, hour) => String(hour)),
      yLabels: weekdays.map((day) => day.slice(0, 3)),
      xName: `hour of the day (${format.timezone})`,
      write: format.count,
      cells: weekdays.flatMap((day, y) =>
        Array.from({ length: 24 }, (_, x) => ({
          x,
          y,
          value: slot(y, x),
          text: `${day}, ${hourOf(x)} to ${hourOf((x + 1) % 24)}\n${counted(format, slot(y, x), 'order')}`,
        })),
      ),
    }),
    table: tableOf(
      'Orders by weekday and hour',
      [
        { head: 'Hour', cell: (hour: number) => hourOf(hour) },
        ...weekdays.map((day, index) => ({
          head: day,
          numeric: true as const,
          cell: (hour: number) => format.count(slot(index, hour)),
        })),
      ],
      Array.from({ length: 24 }, (_, hour) => hour),
    ),
  }
  const caution =
    isMidnightOnly &&
    html`<p>Every order is at midnight: the imported dates have no time of day, so the hour says nothing.</p>`
  return {
    id: 'hours',
    title,
    html: html`<p>${sentence(timing.words)}</p><p class="lead">When orders are placed stands in for when people read: a proxy, not proof.</p>${caution}${figure(chart)}`,
    charts: [chart],
  }
}
