import { countOf, significant } from '../base/index.ts'
import type { CheckedSessions, SessionsCard } from '../predictions/index.ts'
import { describeCalibration } from './describe-prediction.ts'
import { textTable } from './text-table.ts'
import { wrapped } from './wrapped.ts'

const count = (n: number): string => n.toLocaleString('en')
const figure = (value: number | null): string => (value === null ? 'too few' : significant(value, 4))
const share = (value: number): string => `${significant(100 * value, 3)} %`

/** The card of a model of sessions, for people. */
export const describeSessionsCard = (card: SessionsCard): string => {
  const { training, holdOut } = card.moments
  const { quality, baseline } = card
  return [
    `${card.prediction}: ${card.predicts}`,
    wrapped(
      `learned from ${countOf(training.moments, 'moment')} in sessions of ${countOf(training.customers, 'customer')} since ${card.data.from.slice(0, 10)}, ${share(training.ordered)} with an order later; judged on ${count(holdOut.moments)} since ${card.data.judgedFrom.slice(0, 10)} of ${countOf(holdOut.customers, 'other customer')}, ${share(holdOut.ordered)} with an order later; consent: ${card.consent.purpose}`,
    ),
    textTable(quality.figures, [
      { title: 'on the hold-out', value: ({ name }) => name },
      { title: quality.name, value: ({ value }) => significant(value, 4), align: 'right' },
      {
        title: `baseline: ${baseline.name}`,
        value: ({ name }) => figure(baseline.figures.find((one) => one.name === name)?.value ?? null),
        align: 'right',
      },
    ]),
    card.gain.words,
    wrapped(card.chosenBecause),
    ...(card.notTried.length > 0 ? [`not tried in the time allowed: ${card.notTried.join(', ')}`] : []),
    textTable(card.byPrefix, [
      { title: 'after so many events', value: ({ events }) => String(events), align: 'right' },
      { title: 'sessions', value: ({ sessions }) => count(sessions), align: 'right' },
      { title: 'order later', value: ({ ordered }) => share(ordered), align: 'right' },
      { title: 'ROC AUC', value: ({ rocAuc }) => figure(rocAuc), align: 'right' },
      { title: 'log loss', value: ({ logLoss }) => figure(logLoss), align: 'right' },
      { title: 'baseline', value: ({ baselineLogLoss }) => figure(baselineLogLoss), align: 'right' },
      { title: 'calibration error', value: ({ calibrationError }) => figure(calibrationError), align: 'right' },
    ]),
    ...describeCalibration(quality.calibration),
    'limits:',
    ...card.limits.map((limit) => wrapped(`- ${limit}`)),
  ].join('\n')
}

/** What a model of sessions would be learned from, for people and as part of the document. */
export function describeSessionsCheck(checked: CheckedSessions) {
  const said = ({ moments, customers, ordered }: CheckedSessions['training']): string =>
    `${countOf(moments, 'moment')} in sessions of ${countOf(customers, 'customer')}, ${share(ordered)} with an order later`
  return { ...checked, words: `learned from ${said(checked.training)}; judged on ${said(checked.holdOut)}` }
}
