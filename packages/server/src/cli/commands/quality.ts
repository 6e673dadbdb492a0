import { countOf, shortened } from '../../base/index.ts'
import { lastMoment } from '../../insights/index.ts'
import { assessQuality, type QualityReport, switchCleaning } from '../../quality/index.ts'
import type { Command } from '../command.ts'
import { textTable } from '../text-table.ts'
import { withStore } from '../with-store.ts'

export const quality: Command = {
  name: 'quality',
  summary: 'Says what to know before trusting the numbers; switches cleaning steps',
  options: {
    clean: { type: 'string', value: 'STEP', description: 'switch a cleaning step on', multiple: true },
    restore: { type: 'string', value: 'STEP', description: 'switch a cleaning step off again', multiple: true },
    columns: { type: 'boolean', description: 'show the profile of every column' },
  },
  run: ({ store, given, work }) =>
    withStore(store, async (warehouse) => {
      for (const step of given.texts('clean')) await switchCleaning(warehouse, step, true, work)
      for (const step of given.texts('restore')) await switchCleaning(warehouse, step, false, work)
      const report = await assessQuality(warehouse, await lastMoment(warehouse), work)
      return { document: report, text: describeQuality(report, given.flag('columns')) }
    }),
}

const count = (n: number): string => n.toLocaleString('en')
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

function describeQuality(report: QualityReport, withColumns: boolean): string {
  const parts = [
    report.tables.map(({ table, rows }) => `${table.replace('_', ' ')}: ${countOf(rows, 'row')}`).join(', '),
    ...report.findings.map(
      ({ severity, title, count: n, of, unit, effect, examples }) =>
        `${severity}: ${title}: ${count(n)} ${unit}${of > 0 ? ` (${percent(n / of)})` : ''}\n  ${effect}${examples.length > 0 ? `\n  for example ${examples.slice(0, 3).join('; ')}` : ''}`,
    ),
    textTable(report.balance, [
      { title: 'to predict', value: ({ target }) => target },
      { title: 'cases', value: ({ customers }) => count(customers), align: 'right' },
      { title: 'of them', value: ({ positive }) => count(positive), align: 'right' },
      { title: '', value: ({ because, definition }) => because ?? definition },
    ]),
    textTable(report.cleaning, [
      { title: 'cleaning step', value: ({ id }) => id },
      { title: 'state', value: ({ isOn }) => (isOn ? 'on' : 'off') },
      { title: 'lines', value: ({ lines }) => count(lines), align: 'right' },
      { title: '', value: ({ title }) => title },
    ]),
  ]
  const { knownRevenueShare } = report.representativeness
  if (knownRevenueShare !== null) parts.push(`known customers make ${percent(knownRevenueShare)} of sales`)
  for (const change of report.sinceLastImport) {
    parts.push(`since the last import: ${change.measure} ${change.before} before, ${change.now} now`)
  }
  if (withColumns) parts.push(...report.tables.map(columnTable))
  return parts.join('\n\n')
}

const columnTable = ({ table, rows, columns }: QualityReport['tables'][number]): string =>
  `${table}\n${textTable(columns, [
    { title: 'column', value: ({ name }) => name },
    { title: 'type', value: ({ type }) => type },
    { title: 'missing', value: ({ missing }) => percent(missing / rows), align: 'right' },
    { title: 'distinct', value: ({ distinct }) => count(distinct), align: 'right' },
    { title: 'least', value: ({ least }) => shortened(least ?? '', 24) },
    { title: 'greatest', value: ({ greatest }) => shortened(greatest ?? '', 24) },
    { title: 'outliers', value: ({ outliers }) => (outliers ? count(outliers.count) : ''), align: 'right' },
  ])}`
