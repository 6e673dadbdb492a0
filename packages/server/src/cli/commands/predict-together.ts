import { countOf, RapportError } from '../../base/index.ts'
import { lastMoment } from '../../insights/index.ts'
import {
  fitTogether,
  type LapseResult,
  type ScoredCustomer,
  scoreNames,
  spendFromWords,
  topCustomers,
} from '../../predictions/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { Outcome, Surroundings } from '../command.ts'
import type { PredictStore } from '../serve.ts'
import { textTable } from '../text-table.ts'
import { lentWith } from '../with-store.ts'

/** All of the analysis's predictions at once: lapse and lifetime value. */
export async function fit(
  { given, work }: Surroundings,
  warehouse: Warehouse,
  { fitApart }: PredictStore,
): Promise<Outcome> {
  const request = { asOf: await lastMoment(warehouse), seed: given.whole('seed', 0)! }
  const { lapse, lifetime } = await (lentWith(warehouse) ? fitApart : fitTogether)(warehouse, request, work)
  const lines = [
    lapse.found
      ? `${textTable(lapse.candidates, [
          { title: 'lapse model', value: ({ name }) => name },
          { title: 'AUC', value: ({ rocAuc }) => rocAuc.toFixed(4), align: 'right' },
          { title: 'log loss', value: ({ logLoss }) => logLoss.toFixed(4), align: 'right' },
          { title: 'Brier', value: ({ brier }) => brier.toFixed(4), align: 'right' },
          { title: 'lift 10 %', value: ({ liftTop10 }) => liftTop10.toFixed(2), align: 'right' },
        ])}\n${lapse.chosen}: ${lapse.chosenBecause}\n${driverWords(lapse)}`
      : `lapse is not predicted: ${lapse.because}`,
    lifetime.found
      ? `lifetime value of ${countOf(lifetime.customers, 'customer')} over ${lifetime.horizonDays} days: ${Math.round(lifetime.totalValue).toLocaleString('en')} ${lifetime.currency} (${lifetime.model})\n${lifetime.independence.verdict}\n${spendFromWords(lifetime.spendFrom)}`
      : `lifetime value is not predicted: ${lifetime.because}`,
  ]
  return { document: { lapse, lifetime }, text: lines.join('\n\n') }
}

/** Customers by a score, the highest first unless the lowest were asked for. */
export async function topByScore({ given }: Surroundings, warehouse: Warehouse): Promise<Outcome> {
  const score = given.text('score')!
  const top = await topCustomers(
    warehouse,
    score,
    given.whole('limit', 1)!,
    given.flag('lowest') ? 'lowest' : 'highest',
  )
  if (top.length === 0) throw await unscored(warehouse, score)
  return {
    document: top,
    text: textTable(top, [
      { title: 'customer', value: ({ customerId }) => customerId },
      { title: score, value: ({ value }) => value.toFixed(3), align: 'right' },
      ...(['low', 'high'] as const)
        .filter((end) => top.some((one) => one[end] !== null))
        .map((end) => ({
          ...{ title: end, value: (one: ScoredCustomer) => one[end]?.toFixed(3) ?? '' },
          align: 'right' as const,
        })),
      { title: 'because', value: ({ reasons }) => reasons[0]?.words ?? '' },
    ]),
  }
}

/** Why nobody is listed: no score of that name, or none at all. */
async function unscored(warehouse: Warehouse, score: string): Promise<RapportError> {
  const known = await scoreNames(warehouse)
  const are =
    known.length > 0 ? `one of ${known.join(', ')}` : 'made first: rapport analyze, or rapport predict train and score'
  return new RapportError('predictions.score', `the score must be ${are}, got ${score}, which no customer has`)
}

function driverWords({ drivers, falseDriverRate }: LapseResult): string {
  const chance = `${Math.round(100 * falseDriverRate)} %`
  if (drivers.length === 0) return `no driver stands out beyond chance (a risk of ${chance} of one false call in all)`
  const named = drivers.map(({ label, importance }) => `${label} ${Math.round(100 * importance)} %`)
  return `it rests on ${named.join(', ')} (only what customers who lapsed and who stayed differ in beyond chance; a risk of ${chance} that any is named falsely)`
}
