import { countOf, dayMs, isoOf, significant } from '../base/index.ts'
import type { AskedCuts, Evaluated, ModelCard, ModelVersion, Scored, StoredScore } from '../predictions/index.ts'
import { textTable } from './text-table.ts'
import { wrapped } from './wrapped.ts'

const figureOf = (figures: readonly { readonly name: string; readonly value: number }[], name: string): string => {
  const found = figures.find((own) => own.name === name)
  return found === undefined ? '' : significant(found.value, 4)
}

const count = (n: number): string => n.toLocaleString('en')
const day = (iso: string): string => iso.slice(0, 10)

interface Listed {
  readonly name: string
  readonly version: number
  readonly isOff: boolean
  readonly definition: { readonly label: string }
  readonly models: readonly ModelVersion[]
}

export const describePredictions = (listed: readonly Listed[]): string =>
  textTable(listed, [
    { title: 'prediction', value: ({ name }) => name },
    { title: 'predicts', value: ({ definition }) => definition.label },
    { title: 'declared', value: ({ version }) => (version === 0 ? 'shipped' : `version ${version}`) },
    {
      title: 'model',
      value: ({ models, isOff }) => {
        const serving = models.find(({ serves }) => serves)
        return isOff ? 'off' : serving ? `${serving.modelId}, ${serving.kind}` : 'not trained'
      },
    },
    {
      title: 'on the hold-out',
      value: ({ models }) => {
        const card = models.find(({ serves }) => serves)?.card
        if (card?.kind === 'unread') return card.because
        if (card?.kind === 'series')
          return `MASE ${card.tried.find(({ name }) => name === card.method)!.mase.toFixed(3)}`
        const figures = card?.quality.figures.slice(0, 2) ?? []
        return figures.map(({ name, value }) => `${name} ${significant(value, 3)}`).join(', ')
      },
    },
  ])

/** What a prediction would be learned from, for people and as part of the document. */
export function describeCheck(
  { training, earlier, test, features, beyondHistory }: AskedCuts,
  { target, horizonDays }: { readonly target: { readonly kind: string }; readonly horizonDays: number },
) {
  const came = (outcomes: Float64Array): string => {
    const known = outcomes.filter((value) => !Number.isNaN(value))
    const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length)
    if (target.kind === 'amount') return `${significant(mean, 3)} on average`
    if (target.kind !== 'when') return `true of ${significant(100 * mean, 3)} %`
    if (known.length === 0) return `none within ${horizonDays} days`
    const share = (100 * known.length) / outcomes.length
    return `${significant(share, 3)} % within ${horizonDays} days, after ${significant(mean, 3)} days on average`
  }
  const said = ({ cut, outcomes, population, withoutConsent }: typeof training): string => {
    const left = withoutConsent === 0 ? '' : `, ${count(withoutConsent)} more without consent left out`
    return `${day(isoOf(cut))}: ${countOf(population, 'customer')}, ${came(outcomes)}${left}`
  }
  const oldest = earlier.at(-1)
  const before = oldest ? `, and of ${countOf(earlier.length, 'moment')} before, back to ${day(isoOf(oldest.cut))}` : ''
  return {
    found: true,
    training: { cut: isoOf(training.cut), customers: training.population, withoutConsent: training.withoutConsent },
    earlier: earlier.map(({ cut, population }) => ({ cut: isoOf(cut), customers: population })),
    holdOut: { cut: isoOf(test.cut), customers: test.population, withoutConsent: test.withoutConsent },
    features: features.map(({ name }) => name),
    leftOut: beyondHistory.map(({ name }) => name),
    words: `learned as of ${said(training)}${before}; judged as of ${said(test)}; from ${countOf(features.length, 'feature')}`,
  }
}

const cutsWords = (cuts: readonly string[]): string =>
  cuts.length === 1 ? day(cuts[0]!) : `${cuts.length} moments from ${day(cuts.at(-1)!)} to ${day(cuts[0]!)}`

const atMoments = ({ used, rows }: ModelCard['customers']['training']): string =>
  rows === used ? '' : ` (${countOf(rows, 'row')})`

export function describeCard(card: ModelCard): string {
  const { quality, baseline, customers, data, groups, limits } = card
  const told = card.drivers.filter(({ importance }) => Math.round(100 * importance) > 0)
  return [
    `${card.prediction}: ${card.predicts}`,
    wrapped(
      `learned as of ${cutsWords(data.trainingCuts)} from ${countOf(customers.training.used, 'customer')}${atMoments(customers.training)}, judged as of ${day(data.judgedAsOf)} on ${count(customers.holdOut.used)}; records from ${day(data.from)} to ${day(data.until)}; consent: ${card.consent.purpose}`,
    ),
    textTable(quality.figures, [
      { title: 'on the hold-out', value: ({ name }) => name },
      { title: quality.name, value: ({ value }) => significant(value, 4), align: 'right' },
      {
        title: '95 % interval',
        value: ({ interval }) =>
          interval === null ? '' : `${significant(interval.low, 4)} to ${significant(interval.high, 4)}`,
      },
      {
        title: `baseline: ${baseline.name}`,
        value: ({ name }) => figureOf(baseline.figures, name),
        align: 'right',
      },
    ]),
    card.gain.words,
    wrapped(card.chosenBecause),
    ...(card.notTried.length > 0 ? [`not tried in the time allowed: ${card.notTried.join(', ')}`] : []),
    ...describeCalibration(quality.calibration),
    told.length === 0
      ? 'no driver stands out beyond chance'
      : wrapped(
          `it rests on ${told.map(({ label, importance }) => `${label} ${Math.round(100 * importance)} %`).join(', ')}`,
        ),
    ...groups.map(describeGrouping),
    ...(groups.some((grouping) => grouping.groups.some(({ chosen }) => chosen !== null))
      ? [
          wrapped(
            'chosen: the share of the group that is chosen when as many are as it came true for; found: of those it came true for, the share that is chosen',
          ),
        ]
      : []),
    'limits:',
    ...limits.map((limit) => wrapped(`- ${limit}`)),
  ].join('\n')
}

/** What it says beside what was seen, in bins of customers of whom it says about the same. */
export function describeCalibration(bins: ModelCard['quality']['calibration']): readonly string[] {
  if (bins.length === 0) return []
  return [
    textTable(bins, [
      { title: 'calibration: it says', value: ({ predicted }) => significant(predicted, 3), align: 'right' },
      {
        title: 'seen (95 %)',
        value: ({ seen, interval }) =>
          `${significant(seen, 3)} (${significant(interval.low, 3)} to ${significant(interval.high, 3)})`,
      },
      { title: 'customers', value: ({ customers }) => count(customers), align: 'right' },
      {
        title: '',
        value: ({ predicted, interval }) =>
          predicted < interval.low ? 'says too little' : predicted > interval.high ? 'says too much' : '',
      },
    ]),
  ]
}

type Group = ModelCard['groups'][number]['groups'][number]

/** One trait's groups, or two traits' together. */
function describeGrouping({ traits, groups, smaller, apart }: ModelCard['groups'][number]): string {
  const share = (of: { readonly value: number } | null): string =>
    of === null ? '' : `${Math.round(100 * of.value)} %`
  const table = textTable(groups, [
    { title: traits.join(' and '), value: ({ values }) => values.map((value) => value ?? 'not known').join(', ') },
    { title: 'customers', value: ({ customers }) => count(customers), align: 'right' },
    { title: 'predicted', value: ({ predicted }) => significant(predicted, 3), align: 'right' },
    {
      title: 'seen (95 %)',
      value: ({ seen: { value, interval } }) =>
        `${significant(value, 3)} (${significant(interval.low, 3)} to ${significant(interval.high, 3)})`,
    },
    ...(groups.some(({ chosen }) => chosen !== null)
      ? [
          { title: 'chosen', value: ({ chosen }: Group) => share(chosen), align: 'right' as const },
          { title: 'found', value: ({ found }: Group) => share(found), align: 'right' as const },
        ]
      : []),
  ])
  const gaps = apart
    .filter(({ interval }) => interval.low > 0)
    .map(
      ({ measure, value, interval }) =>
        `${measure} ${significant(value, 2)} (at least ${significant(interval.low, 2)})`,
    )
  return [
    table,
    ...(smaller > 0 ? [`${smaller} smaller groups are not compared`] : []),
    gaps.length > 0 ? `apart beyond chance: ${gaps.join(', ')}` : 'no two groups are apart beyond chance',
  ].join('\n')
}

export function describeScored(
  name: string,
  { modelId, score, customers, unknown, mean, asOf, drift }: Scored,
): string {
  const { scores, shifted } = drift
  return [
    wrapped(
      `${name}: ${countOf(customers, 'customer')} scored by ${modelId} as ${score}, as of ${day(isoOf(asOf))}` +
        (mean === null ? '' : `; mean ${significant(mean, 3)}`) +
        (unknown === 0 ? '' : `; of ${count(unknown)} nothing can be said`),
    ),
    wrapped(
      `compared with training, scores ${asMoved[scores.verdict]} (PSI ${scores.psi.toFixed(3)}; from 0.1 on moved, from 0.25 on shifted), and ${
        shifted === 0 ? 'no feature has' : shifted === 1 ? 'one feature has' : `${shifted} features have`
      } shifted`,
    ),
    `rapport predict top --score ${score} shows whom it says most of`,
  ].join('\n')
}

const asMoved = { steady: 'are steady', moved: 'have moved', shifted: 'have shifted' } as const

export function describeEvaluated(
  name: string,
  { modelId, cut, customers, now, trained, outcome, drift }: Evaluated,
): string {
  const figureThen = (figure: string): string => figureOf(trained.figures, figure)
  const moved = drift.inputs.filter(({ verdict }) => verdict !== 'steady')
  return [
    `${name}: ${modelId} judged on ${countOf(customers, 'customer')} as of ${day(isoOf(cut))}`,
    textTable(now.figures, [
      { title: 'figure', value: (figure) => figure.name },
      { title: 'now', value: ({ value }) => significant(value, 4), align: 'right' },
      { title: 'when it was trained', value: (figure) => figureThen(figure.name), align: 'right' },
    ]),
    `outcomes ${asMoved[outcome.verdict]}: ${significant(outcome.trained, 3)} then, ${significant(outcome.now, 3)} now; scores ${asMoved[drift.scores.verdict]} (PSI ${drift.scores.psi.toFixed(3)})`,
    moved.length === 0
      ? 'no feature has moved'
      : wrapped(`moved: ${moved.map(({ of, psi }) => `${of} (PSI ${psi.toFixed(2)})`).join(', ')}`),
  ].join('\n')
}

/** One customer's score; of what happens when, the day that is said. */
export function describeScore(
  { score, value, low, high, asOf }: StoredScore,
  { target }: { readonly target: { readonly kind: string } },
): string {
  const dayAfter = (days: number): string => day(isoOf(asOf + days * dayMs))
  const write = (number: number): string => (target.kind === 'when' ? dayAfter(number) : number.toFixed(3))
  if (low === null && high === null) return `${score} ${write(value)}`
  const ends = `${low === null ? 'open' : write(low)} to ${high === null ? 'open' : write(high)}`
  return `${score} ${write(value)} (eight of ten: ${ends})`
}
