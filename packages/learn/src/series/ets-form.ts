/** How a part of a series joins the rest: not at all, added, or multiplied. */
export type EtsPart = 'none' | 'additive' | 'multiplicative'

/** One of the 30 forms of exponential smoothing. */
export interface EtsForm {
  readonly error: Exclude<EtsPart, 'none'>
  readonly trend: EtsPart
  /** True when the trend dies away; only with a trend. */
  readonly damped: boolean
  readonly season: EtsPart
}

const parts: readonly EtsPart[] = ['none', 'additive', 'multiplicative']

/**
 * The forms among which the automatic choice looks.
 *
 * Left out are those whose variance is infinite or nearly so (an additive error beside a part that multiplies), and
 * multiplicative trends, which explode; both can still be asked for by name.
 */
export function candidateForms(isSeasonal: boolean, isPositive: boolean): EtsForm[] {
  const forms: EtsForm[] = []
  for (const error of isPositive ? (['additive', 'multiplicative'] as const) : (['additive'] as const)) {
    for (const season of isSeasonal ? parts : (['none'] as const)) {
      if (season === 'multiplicative' && error === 'additive') continue
      forms.push({ error, trend: 'none', damped: false, season })
      forms.push({ error, trend: 'additive', damped: false, season })
      forms.push({ error, trend: 'additive', damped: true, season })
    }
  }
  return forms
}

/** True when the form divides by a part of the series, so that all of its values must be above 0. */
export const needsPositive = ({ error, trend, season }: EtsForm): boolean =>
  error === 'multiplicative' || trend === 'multiplicative' || season === 'multiplicative'

/** Numbers that a fit of the form estimates: smoothing, starting states, and the errors' variance. */
export function parameterCount({ trend, damped, season }: EtsForm, period: number): number {
  return 3 + (trend === 'none' ? 0 : 2) + (damped ? 1 : 0) + (season === 'none' ? 0 : period)
}

/**
 * The form's name in the letters of the literature.
 *
 * @example
 * etsName({ error: 'multiplicative', trend: 'additive', damped: true, season: 'multiplicative' }) // 'ETS(M,Ad,M)'
 */
export function etsName({ error, trend, damped, season }: EtsForm): string {
  return `ETS(${letter(error)},${letter(trend)}${damped ? 'd' : ''},${letter(season)})`
}

const letter = (part: EtsPart): string => part.charAt(0).toUpperCase()
