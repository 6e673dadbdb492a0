import type { LapseResult } from '../../../predictions/index.ts'
import type { Analysis } from '../../analysis.ts'
import { type Chart, figure } from '../chart.ts'
import { calibrationOf, driversOf, gainOf, probabilitiesOf, rocOf } from '../charts/lapse-charts.ts'
import { counted, type Format, orWhy, sentence } from '../format.ts'
import { type Html, html, name } from '../html.ts'
import { missing, type Section, tile } from '../section.ts'
import { tableOf } from '../table.ts'

type Lapse = Extract<Analysis['predictions']['lapse'], { found: true }>

function learnedAsOf({ trainedAsOf, trainingCuts = [trainedAsOf] }: LapseResult, format: Format): string {
  if (trainingCuts.length === 1) return format.date(trainedAsOf)
  return `${trainingCuts.length} moments from ${format.date(trainingCuts.at(-1)!)} to ${format.date(trainedAsOf)}`
}

/** Who is likely to stop buying, and how far that can be believed. */
export function lapseSection({ predictions: { lapse } }: Analysis, format: Format): Section {
  const base = { id: 'lapse', title: 'Who is about to lapse' }
  if (!lapse.found) return { ...base, html: missing(lapse.because), charts: [] }
  const drivers = lapse.drivers.length > 0 ? [driversOf(lapse, format)] : []
  const now: readonly Chart[] = [probabilitiesOf(lapse, format), ...drivers]
  const quality: readonly Chart[] = [rocOf(lapse, format), gainOf(lapse, format), calibrationOf(lapse, format)]
  return {
    ...base,
    html: html`${opening(lapse, format)}
<div class="charts">${now.map(figure)}</div>
<p class="lead">${driverWords(lapse, format)}</p>
${examples(lapse, format)}
<h3>How good is the prediction?</h3>
<p>${sentence(lapse.chosenBecause)}</p>
<p class="lead">Learned from ${counted(format, lapse.trainingCustomers, 'customer')} as of ${learnedAsOf(lapse, format)} and judged on ${counted(format, lapse.testCustomers, 'customer')} as of ${format.date(lapse.testedAsOf)}, which nothing was tuned or calibrated on.</p>
${candidates(lapse, format)}
<div class="charts">${quality.map(figure)}</div>`,
    charts: [...now, ...quality],
  }
}

const opening = (
  lapse: Lapse,
  format: Format,
): Html => html`<p class="lead">A lapse: no purchase in the next ${lapse.horizonDays} days, of a customer who bought in the last ${lapse.activeDays}. ${sentence(lapse.chosenBy)}</p>
<div class="tiles">
${tile('Active customers', format.count(lapse.scored))}
${tile('Expected to lapse', format.count(lapse.expectedLapses), lapse.scored > 0 && format.percent(lapse.expectedLapses / lapse.scored))}
${tile('Lapsed in training', format.percent(lapse.lapsedShareTraining))}
${tile('Lapsed in the test', format.percent(lapse.lapsedShareTest))}
</div>
${lapse.windowsBeyondHistory.length > 0 && html`<p>Longer than the history at training time, so left out or marked: ${lapse.windowsBeyondHistory.join(', ')}.</p>`}`

function driverWords({ drivers, falseDriverRate }: Lapse, format: Format): string {
  const chance = format.percent(falseDriverRate)
  return drivers.length === 0
    ? `No driver stands out beyond chance: customers who lapsed at the test differ in nothing from those who stayed (every feature tested, a risk of ${chance} of one false call in all). The prediction may still rest on many small things together.`
    : `What the prediction rests on is how far each number moves the scores, on average: not a cause. Named, here and as reasons, is only what customers who lapsed at the test and those who stayed differ in by more than chance, at a risk of ${chance} that any is named falsely.`
}

function examples({ examples }: Lapse, format: Format): Html | false {
  if (examples.length === 0) return false
  return tableOf(
    'Customers most likely to lapse, and what moved their scores most',
    [
      { head: 'Customer', cell: ({ customerId }) => name(customerId) },
      { head: 'Probability', numeric: true, cell: ({ probability }) => format.percent(probability) },
      {
        head: 'Reasons',
        wide: true,
        cell: ({ reasons }) =>
          reasons.length > 0
            ? html`<ul class="products">${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`
            : html`<span class="unknown">nothing stands out</span>`,
      },
    ],
    examples,
  ).markup
}

function candidates({ candidates, chosen }: Lapse, format: Format): Html {
  const three = (value: number): string => format.fixed(value, 3)
  const nobody = 'nobody at a half or more'
  return tableOf(
    'Every candidate on the hold-out',
    [
      {
        head: 'Model',
        cell: (model) =>
          html`${name(model.name)}${model.name === chosen && html` <span class="severity">published</span>`}`,
      },
      {
        head: 'ROC AUC (95 % interval)',
        numeric: true,
        cell: ({ rocAuc, rocAucInterval: { low, high } }) => `${three(rocAuc)} (${three(low)} to ${three(high)})`,
      },
      { head: 'PR AUC', numeric: true, cell: ({ prAuc }) => three(prAuc) },
      { head: 'Log loss', numeric: true, cell: ({ logLoss }) => three(logLoss) },
      { head: 'Brier', numeric: true, cell: ({ brier }) => three(brier) },
      { head: 'Lift, best tenth', numeric: true, cell: ({ liftTop10 }) => `${format.decimal(liftTop10)}×` },
      { head: 'Precision', numeric: true, cell: ({ precision }) => orWhy(precision, format.percent, nobody) },
      { head: 'Recall', numeric: true, cell: ({ recall }) => orWhy(recall, format.percent, nobody) },
      { head: 'F1', numeric: true, cell: ({ f1 }) => orWhy(f1, three, nobody) },
    ],
    candidates,
  ).markup
}
