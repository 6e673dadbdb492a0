import {
  type DiscoveredFamily,
  type FamilyResult,
  isDensity,
  methodWords,
  type TaughtFamily,
} from '../../../segments/index.ts'
import type { Analysis } from '../../analysis.ts'
import { type Chart, figure } from '../chart.ts'
import { counted, type Format, orWhy, sentence } from '../format.ts'
import { type Html, html, name } from '../html.ts'
import { missing, type Section } from '../section.ts'
import { tableOf } from '../table.ts'
import { calibrationOf, comparisonOf, driversChart, treeOf } from './family-charts.ts'
import { candidatesTable, card, legendOf, mapOf, mapWords, profileOf } from './group-parts.ts'

interface Part {
  readonly html: Html
  readonly charts: readonly Chart[]
}

/** Segments that were asked for by name; null where there are none. */
export function familiesSection({ segments: { families = [] } }: Analysis, format: Format): Section | null {
  if (families.length === 0) return null
  const parts = families.map((family) => partOf(family, format))
  return {
    ...{ id: 'families', title: 'Segments that were asked for' },
    html: html`<p class="lead">Groups found by a method of choice, and labelled lists that were extended. With its name, as ${name(`${families[0]!.family}.1`)}, a segment is exported (rapport segments export) and shown (rapport segments show).</p>
${families.length > 1 && html`<ul class="legend">${families.map(({ family }) => html`<li><a href="#family-${family}">${name(family)}</a></li>`)}</ul>`}${parts.map((part) => part.html)}`,
    charts: parts.flatMap(({ charts }) => charts),
  }
}

const partOf = (family: FamilyResult, format: Format): Part =>
  family.kind === 'teach' ? taughtPart(family, format) : discoveredPart(family, format)

function discoveredPart(
  { family, method, groups, tree, none, customers, notes, refresh }: DiscoveredFamily,
  format: Format,
): Part {
  const prefix = `family-${family}-`
  const head = headOf(family, family === method ? '' : methodWords[method])
  const comparison = comparisonOf(groups.candidates, groups.found ? groups.k : null, format, prefix)
  const compared = html`${comparison && figure(comparison)}${candidatesTable(groups.candidates, groups.found ? groups.k : null, format)}`
  const ofComparison = comparison ? [comparison] : []
  if (!groups.found) {
    return {
      html: html`${head}${missing(groups.reason)}${compared}${notes.length > 0 && remarks(notes)}`,
      charts: ofComparison,
    }
  }
  // Of a family that could not be put together again nobody is drawn.
  const maps = groups.map.x.length > 0 ? [mapOf(groups, format, prefix)] : []
  const names = groups.segments.map((segment) => segment.name)
  const trees = tree ? [treeOf(tree, names, format, prefix)] : []
  const profiles = groups.segments.map((segment, at) => ({ segment, chart: profileOf(segment, at, format, prefix) }))
  return {
    html: html`${head}<p>${sentence(groups.verdict)}</p>
<p class="lead">Stability under resampling: ${format.fixed(groups.stability, 2)} of 1.${none > 0 && !isDensity(method) && html` ${counted(format, none, 'customer')} (${format.percent(none / customers)}) are in none.`}</p>
<details><summary>What customers were compared by</summary><ul class="plain">${groups.features.map(({ label }) => html`<li>${label}</li>`)}</ul></details>
${legendOf(groups)}
${maps.map(
  (map) => html`${figure(map)}
${mapWords(groups, format)}`,
)}
${trees.map(figure)}
<div class="cards">${profiles.map(({ segment, chart }) => card(segment, chart, format))}</div>
${compared}${remarks([...notes, refresh])}`,
    charts: [...maps, ...trees, ...profiles.map(({ chart }) => chart), ...ofComparison],
  }
}

const headOf = (family: string, words: Html | string): Html =>
  html`<h3 id="family-${family}">${name(family)}${words !== '' && html`: ${words}`}</h3>`

const remarks = (notes: readonly string[]): Html =>
  html`<ul class="plain">${notes.map((note) => html`<li>${sentence(note)}</li>`)}</ul>`

function taughtPart(
  { family, source, labelled, leaks, areLeaksLeftOut, taught, notes, refresh }: TaughtFamily,
  format: Format,
): Part {
  const prefix = `family-${family}-`
  const calibrations = taught.quality.map((quality, at) => calibrationOf(quality, format, `${prefix}${at + 1}-`))
  const segments = taught.found ? taught.segments : []
  const drivers = segments.map((segment, at) => driversChart(segment, at, format, prefix))
  const said = labelled.map((one) => `${format.count(one.customers)} ${one.class}`).join(', ')
  const leaked = leaks.map(({ feature, auc }) => `${feature} (${format.fixed(auc, 3)})`).join(', ')
  const shown = taught.found ? html`${segmentsTable(segments, format)}${drivers.map(figure)}` : missing(taught.reason)
  return {
    html: html`${headOf(family, html`taught by ${name(source)}`)}
<p>Learned from ${said}. ${sentence(`${taught.chosen}: ${taught.chosenBecause}`)}</p>
${leaks.length > 0 && html`<p>${areLeaksLeftOut ? 'Left out, as it alone' : 'Kept, as asked for, though it alone'} all but says the label (area under the ROC curve): ${leaked}.</p>`}
${shown}
${qualityTable(taught.quality, format)}
${calibrations.map(figure)}
${modelsTable(taught, format)}${remarks([...notes, refresh])}`,
    charts: [...drivers, ...calibrations],
  }
}

type Taught = TaughtFamily['taught']
type TaughtSegments = Extract<Taught, { found: true }>['segments']

const segmentsTable = (segments: TaughtSegments, format: Format): Html =>
  tableOf(
    'Segments, with those who were labelled and those who are like them',
    [
      { head: 'Segment', cell: (segment) => name(segment.name) },
      { head: 'Called', cell: ({ id }) => name(id) },
      { head: 'Customers', numeric: true, cell: ({ customers }) => format.count(customers) },
      { head: 'Labelled', numeric: true, cell: (segment) => format.count(segment.labelled) },
      { head: 'Added', numeric: true, cell: ({ added }) => format.count(added) },
      {
        head: 'Probability of those',
        numeric: true,
        cell: ({ averageProbability }) => orWhy(averageProbability, format.percent, 'nobody was added'),
      },
      { head: 'Revenue', numeric: true, cell: ({ revenue }) => format.money(revenue) },
    ],
    segments,
  ).markup

const qualityTable = (quality: Taught['quality'], format: Format): Html =>
  tableOf(
    'How well classes are told apart, on customers that the model had not seen',
    [
      { head: 'Class', cell: (one) => name(one.class) },
      {
        head: 'AUC (95 %)',
        numeric: true,
        cell: ({ auc }) => `${format.fixed(auc.value, 3)} (${format.fixed(auc.low, 3)}–${format.fixed(auc.high, 3)})`,
      },
      { head: 'In from', numeric: true, cell: ({ threshold }) => format.percent(threshold) },
      { head: 'Precision', numeric: true, cell: ({ precision }) => orWhy(precision, format.percent, 'nobody was in') },
      { head: 'By chance', numeric: true, cell: ({ baselinePrecision }) => format.percent(baselinePrecision) },
      { head: 'Recall', numeric: true, cell: ({ recall }) => format.percent(recall) },
      { head: 'Brier', numeric: true, cell: ({ brier }) => format.fixed(brier, 4) },
      { head: 'Everybody alike', numeric: true, cell: ({ baselineBrier }) => format.fixed(baselineBrier, 4) },
    ],
    quality,
  ).markup

const modelsTable = ({ candidates, baselineLogLoss }: Taught, format: Format): Html =>
  tableOf(
    'Models that were compared: log loss out of fold, less is better',
    [
      { head: 'Model', cell: (row) => row.name },
      { head: 'Log loss', numeric: true, cell: ({ logLoss }) => format.fixed(logLoss, 4) },
    ],
    [...candidates, { name: 'telling everybody the same', logLoss: baselineLogLoss }],
  ).markup
