import { type HillstromRows, hillstromTrial } from '../../../../tooling/hillstrom-email.ts'
import { twoProportionTest, welchTest } from '../stats/index.ts'
import { auuc, qini, type UpliftScore, upliftAtTop, upliftBySlice, weightedAverageUplift } from './index.ts'

/** A figure that the README of hillstrom_email prints, and ours. */
export interface PublishedFigure {
  readonly name: string
  readonly found: number
  /** As printed: what its last digit leaves open is all that may differ. */
  readonly published: string
}

export function isAsPublished({ found, published }: PublishedFigure): boolean {
  const exponent = Number(published.split('e')[1] ?? 0)
  const digits = (published.split('e')[0]!.split('.')[1] ?? '').length
  return Math.abs(found - Number(published)) <= 0.51 * 10 ** (exponent - digits)
}

const figure = (name: string, found: number, published: string): PublishedFigure => ({ name, found, published })

const emails = ['Mens E-Mail', 'Womens E-Mail'] as const
type Email = (typeof emails)[number]

const defined = <Found extends { readonly defined: boolean }>(found: Found): Extract<Found, { defined: true }> => {
  if (!found.defined) throw new Error('a published figure is not defined here')
  return found as Extract<Found, { defined: true }>
}

/** Sizes of the arms, shares, means and their tests against the customers without an e-mail. */
export function armFigures({ arm, visit, conversion, spend }: HillstromRows): PublishedFigure[] {
  const rowsOf = (name: string): number[] => [...arm.keys()].filter((row) => arm[row] === name)
  const byArm = {
    'Mens E-Mail': rowsOf(emails[0]),
    'Womens E-Mail': rowsOf(emails[1]),
    'No E-Mail': rowsOf('No E-Mail'),
  }
  const names = Object.keys(byArm) as (keyof typeof byArm)[]
  const sum = (values: ArrayLike<number>, name: keyof typeof byArm): number =>
    byArm[name].reduce((total, row) => total + values[row]!, 0)
  const means = (label: string, values: ArrayLike<number>, published: readonly string[]): PublishedFigure[] =>
    names.map((name, at) => figure(`${label}, ${name}`, sum(values, name) / byArm[name].length, published[at]!))
  const shares = (values: ArrayLike<number>, email: Email) => {
    const count = (name: keyof typeof byArm) => ({ successes: sum(values, name), n: byArm[name].length })
    return defined(twoProportionTest(count(email), count('No E-Mail')))
  }
  const amounts = (email: Email) => {
    const of = (name: keyof typeof byArm): number[] => byArm[name].map((row) => spend[row]!)
    return defined(welchTest(of(email), of('No E-Mail')))
  }
  return [
    ...names.map((name, at) => figure(`customers, ${name}`, byArm[name].length, ['21307', '21387', '21306'][at]!)),
    ...means('visit', visit, ['.182757', '.151400', '.106167']),
    ...means('conversion', conversion, ['.012531', '.008837', '.005726']),
    ...means('spend', spend, ['1.422617', '1.077202', '.652789']),
    ...emails.map((email, at) => figure(`z of visit, ${email}`, shares(visit, email).z, ['22.486', '13.9492'][at]!)),
    ...emails.map((email, at) =>
      figure(`z of conversion, ${email}`, shares(conversion, email).z, ['7.3851', '3.7796'][at]!),
    ),
    figure('p of conversion, Womens E-Mail', shares(conversion, 'Womens E-Mail').pValue, '1.5711e-4'),
    ...emails.map((email, at) => figure(`t of spend, ${email}`, amounts(email).t, ['5.30014', '3.25637'][at]!)),
    figure('p of spend, Womens E-Mail', amounts('Womens E-Mail').pValue, '1.1294e-3'),
  ]
}

/** Measures of scores that need no model, against visits. */
export function fixedScoreFigures(customers: HillstromRows): PublishedFigure[] {
  const [men, women] = [trialOf(customers, 'Mens E-Mail'), trialOf(customers, 'Womens E-Mail')]
  const areas = (name: string, trial: typeof men, scores: Float64Array, published: readonly [string, string]) => [
    figure(`Qini, ${name}`, value(qini(scores, trial.arms)), published[0]),
    figure(`AUUC, ${name}`, value(auuc(scores, trial.arms)), published[1]),
  ]
  const top = (
    name: string,
    trial: typeof men,
    scores: Float64Array,
    share: number,
    strategy: 'overall' | 'by-arm',
    published: string,
  ) => figure(name, value(upliftAtTop(scores, trial.arms, { share, strategy })), published)
  const average = weightedAverageUplift(upliftBySlice(women.byHistory, women.arms))
  return [
    ...areas('history', women, women.byHistory, ['.002622', '.001048']),
    top('uplift at 10 %, history', women, women.byHistory, 0.1, 'overall', '.059726'),
    top('uplift at 10 %, history, by arm', women, women.byHistory, 0.1, 'by-arm', '.060297'),
    top('uplift at 30 %, history', women, women.byHistory, 0.3, 'overall', '.047942'),
    top('uplift at 30 %, history, by arm', women, women.byHistory, 0.3, 'by-arm', '.048407'),
    figure('weighted average uplift, history', average, '.044993'),
    ...areas('recency', women, women.byRecency, ['-.00452', '-.00197']),
    ...areas('goods', women, women.byGoods, ['.063026', '.028756']),
    top('uplift at 10 %, goods', women, women.byGoods, 0.1, 'overall', '.079884'),
    top('uplift at 30 %, goods', women, women.byGoods, 0.3, 'overall', '.072849'),
    ...areas('history, men', men, men.byHistory, ['.018433', '.009578']),
    top('uplift at 30 %, history, men', men, men.byHistory, 0.3, 'overall', '.089479'),
    ...areas('recency, men', men, men.byRecency, ['.011849', '.006381']),
    ...areas('goods, men', men, men.byGoods, ['.003168', '.001443']),
  ]
}

const value = (score: UpliftScore): number => defined(score).value

function trialOf(customers: HillstromRows, email: Email) {
  const { visit, history, recency, mens, womens } = customers
  const { rows, treated } = hillstromTrial(customers, email)
  const take = (of: (row: number) => number): Float64Array => Float64Array.from(rows, of)
  return {
    arms: { treated, outcomes: take((row) => visit[row]!) },
    byHistory: take((row) => history[row]!),
    byRecency: take((row) => -recency[row]!),
    byGoods: take((row) => womens[row]! - mens[row]! + history[row]! / 1e4),
  }
}
