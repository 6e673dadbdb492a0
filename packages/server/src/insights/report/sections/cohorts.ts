import type { Analysis } from '../../analysis.ts'
import type { Cohort } from '../../first-look.ts'
import { type Chart, figure } from '../chart.ts'
import { heatMap } from '../charts/heat-map.ts'
import { counted, type Format, orWhy } from '../format.ts'
import { html } from '../html.ts'
import { missing, type Section } from '../section.ts'
import { tableOf } from '../table.ts'

/** How many of each month's new customers buy again later. */
export function cohortsSection({ firstLook: { cohorts } }: Analysis, format: Format): Section {
  const title = 'Do customers come back?'
  const later = Math.max(0, ...cohorts.map(({ retention }) => retention.findLastIndex((share) => share !== null)))
  if (later < 1) {
    return {
      id: 'cohorts',
      title,
      charts: [],
      html: missing('The history must cover at least two months to see who came back.'),
    }
  }
  const chart = chartOf(cohorts, later, format)
  return {
    id: 'cohorts',
    title,
    html: html`<p class="lead">Customers by the month of their first purchase, and the share of them who bought in each later month. The first month itself is left out of the picture: everyone bought then. A month that is not over yet is left empty.</p>${figure(chart)}`,
    charts: [chart],
  }
}

function chartOf(cohorts: readonly Cohort[], later: number, format: Format): Chart {
  const shown = cohorts.filter(({ retention }) => retention[1] != null)
  const cells = shown.flatMap(({ month, customers, retention }, y) =>
    retention.flatMap((share, x) =>
      share === null || x === 0
        ? []
        : [
            {
              x: x - 1,
              y,
              value: share,
              text: `First bought ${month} (${counted(format, customers, 'customer')})\n${format.percent(share)} bought again ${counted(format, x, 'month')} later`,
            },
          ],
    ),
  )
  const months = Array.from({ length: later }, (_, at) => at + 1)
  const firstMonth = cohorts.flatMap(({ customers, retention }) =>
    retention[1] == null ? [] : [{ customers, back: customers * retention[1] }],
  )
  const all = firstMonth.reduce((sum, { customers }) => sum + customers, 0)
  const back = firstMonth.reduce((sum, { back }) => sum + back, 0)
  return {
    id: 'cohorts',
    title: 'Share of customers who bought again, by months since the first purchase',
    summary:
      all > 0
        ? `on average ${format.percent(back / all)} buy again in the month after the first`
        : 'no cohort is older than a month',
    height: 110 + shown.length * 24,
    option: heatMap({
      xLabels: months.map(String),
      yLabels: shown.map(({ month }) => month),
      xName: 'months after the first purchase',
      write: format.percent,
      cells,
    }),
    table: tableOf(
      'Share of customers who bought again',
      [
        { head: 'First bought', cell: ({ month }: Cohort) => month },
        { head: 'Customers', numeric: true, cell: ({ customers }) => format.count(customers) },
        ...months.map((month) => ({
          head: `+${month}`,
          numeric: true as const,
          cell: ({ retention }: Cohort) =>
            month >= retention.length ? '' : orWhy(retention[month], format.percent, 'not over'),
        })),
      ],
      cohorts,
    ),
  }
}
