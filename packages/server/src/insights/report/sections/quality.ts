import type { Analysis } from '../../analysis.ts'
import { counted, type Format, orWhy } from '../format.ts'
import { type Html, html, name } from '../html.ts'
import { missing, type Section } from '../section.ts'
import { tableOf } from '../table.ts'

type Quality = Analysis['quality']
type Column = Quality['tables'][number]['columns'][number]

const order = ['serious', 'warning', 'note'] as const

/** What to know of the data before trusting the numbers. */
export function qualitySection({ quality }: Analysis, format: Format): Section {
  return {
    id: 'data-quality',
    title: 'Data quality',
    charts: [],
    html: html`${findings(quality, format)}
<h3>Is there enough to learn from?</h3>${balance(quality, format)}
<h3>Do known customers stand for all sales?</h3>${representativeness(quality, format)}
${changes(quality, format)}${cleaning(quality, format)}
<h3>Columns</h3>${quality.tables.map((table) => columnsOf(table, format))}`,
  }
}

function findings({ findings }: Quality, format: Format): Html {
  if (findings.length === 0) return html`<p>Nothing suspicious was found.</p>`
  const sorted = order.flatMap((severity) => findings.filter((finding) => finding.severity === severity))
  return html`<ul class="findings">${sorted.map(
    ({
      severity,
      title,
      count,
      of,
      unit,
      examples,
      effect,
    }) => html`<li><span class="severity ${severity}">${severity}</span> <strong>${title}</strong>: ${format.count(count)} of ${format.count(of)} ${unit}${of > 0 && ` (${format.percent(count / of)})`}
<p>${effect}</p>${examples.length > 0 && html`<p>For example:</p><ul class="plain">${examples.slice(0, 5).map((example) => html`<li>${name(example)}</li>`)}</ul>`}</li>`,
  )}</ul>`
}

function balance({ balance }: Quality, format: Format): Html {
  if (balance.length === 0) return missing('No prediction has a target yet.')
  return tableOf(
    'Customers with and without the outcome, for each prediction',
    [
      { head: 'Target', cell: ({ target }) => target },
      { head: 'Customers', numeric: true, cell: ({ customers }) => format.count(customers) },
      { head: 'With the outcome', numeric: true, cell: ({ positive }) => format.count(positive) },
      {
        head: 'Share',
        numeric: true,
        cell: ({ customers, positive, because }) =>
          orWhy(customers > 0 ? positive / customers : null, format.percent, because ?? 'no customers'),
      },
      {
        head: 'Meaning',
        wide: true,
        cell: ({ definition, because }) =>
          html`${definition}${because && html` <span class="unknown">${because}</span>`}`,
      },
    ],
    balance,
  ).markup
}

function representativeness({ representativeness: known }: Quality, format: Format): Html {
  const because = known.because ?? 'there are no sales'
  return html`<p>Known customers make ${orWhy(known.knownRevenueShare, format.percent, because)} of revenue and ${orWhy(known.knownOrderShare, format.percent, because)} of orders.</p>${
    known.dimensions.length > 0 &&
    tableOf(
      'How known customers differ from all sales (0: alike, 1: nothing in common)',
      [
        { head: 'By', cell: (dimension) => dimension.name },
        { head: 'Distance', numeric: true, cell: ({ distance }) => format.decimal(distance, 3) },
        {
          head: 'Largest difference',
          cell: ({ largest }) =>
            largest
              ? html`${name(largest.value)}: ${format.percent(largest.known)} of known, ${format.percent(largest.all)} of all`
              : html`<span class="unknown">none</span>`,
        },
      ],
      known.dimensions,
    ).markup
  }`
}

const changes = ({ sinceLastImport }: Quality, format: Format): Html | false =>
  sinceLastImport.length > 0 &&
  html`<h3>What the last import changed</h3>${
    tableOf(
      'The last import beside everything before it',
      [
        { head: 'Measure', cell: ({ measure }) => measure },
        { head: 'Before', numeric: true, cell: ({ before }) => orWhy(before, format.decimal, 'not known') },
        { head: 'Last import', numeric: true, cell: ({ now }) => orWhy(now, format.decimal, 'not known') },
      ],
      sinceLastImport,
    ).markup
  }`

const cleaning = ({ cleaning }: Quality, format: Format): Html | false =>
  cleaning.length > 0 &&
  html`<h3>Cleaning steps</h3><p class="lead">Each can be switched on and off; imported records are kept in any case.</p>${
    tableOf(
      'Cleaning steps',
      [
        { head: 'Step', cell: ({ title }) => title },
        { head: 'State', cell: ({ isOn }) => (isOn ? 'on' : 'off') },
        { head: 'Lines', numeric: true, cell: ({ lines }) => format.count(lines) },
        { head: 'Effect', wide: true, cell: ({ effect }) => effect },
      ],
      cleaning,
    ).markup
  }`

function columnsOf({ table, rows, columns }: Quality['tables'][number], format: Format): Html {
  const none = 'no value'
  const text = (value: string | null): Html =>
    value === null ? html`<span class="unknown">${none}</span>` : name(value)
  return html`<details class="alternative"><summary>${table}: ${counted(format, rows, 'row')}, ${counted(format, columns.length, 'column')}</summary>${
    tableOf(
      `Columns of ${table}`,
      [
        { head: 'Column', cell: (column: Column) => name(column.name) },
        { head: 'Type', cell: ({ type }) => type },
        {
          head: 'Missing',
          numeric: true,
          cell: ({ missing }) => `${format.count(missing)}${rows > 0 ? ` (${format.percent(missing / rows)})` : ''}`,
        },
        { head: 'Distinct', numeric: true, cell: ({ distinct }) => format.count(distinct) },
        { head: 'Least', cell: ({ least }) => text(least) },
        { head: 'Greatest', cell: ({ greatest }) => text(greatest) },
        {
          head: 'Median',
          numeric: true,
          cell: ({ type, median }) =>
            orWhy(median, format.decimal, type === 'number' || type === 'money' ? none : 'not a number'),
        },
        {
          head: 'Outliers',
          numeric: true,
          cell: ({ outliers }) => orWhy(outliers?.count, format.count, 'no rule applies'),
        },
      ],
      columns,
    ).markup
  }</details>`
}
