import type { FactCondition, FeatureExpression, FeatureWindow } from '@rapport/protocol'
import type { LiveRule, Operator } from '../../../rules/index.ts'

/** Short forms that the shipped segments are written in. */

type RollingWindow = Extract<FeatureWindow, { readonly last: unknown }>

export const lastDays = (days: number, skip?: number): RollingWindow => ({
  last: { count: days, unit: 'day' },
  ...(skip === undefined ? {} : { skip: { count: skip, unit: 'day' } }),
})

/** How a value of the feature language compares. */
export const test = (feature: FeatureExpression, op: Operator, value: number | string): LiveRule => ({
  feature,
  op,
  value,
})

type Window = RollingWindow | undefined
const over = (window: Window) => (window === undefined ? {} : { window })

/** Orders bought from; parts of one order are one. */
export const orders = (window?: Window): FeatureExpression => ({
  ...{ aggregate: 'distinct', of: 'order_id', from: { lines: 'sale' }, ...over(window) },
})

export const lines = (kind: 'sale' | 'cancellation', window?: Window, where?: FactCondition[]): FeatureExpression => ({
  ...{ aggregate: 'count', from: { lines: kind, ...(where ? { where } : {}) }, ...over(window) },
})

export const sumOf = (of: 'amount' | 'discount', window?: Window): FeatureExpression => ({
  ...{ aggregate: 'sum', of, from: { lines: 'sale' }, ...over(window) },
})

/** Visits: sessions of any event. */
export const visits = (window?: Window): FeatureExpression => ({
  ...{ aggregate: 'distinct', of: 'session_id', from: { events: true }, ...over(window) },
})

export const happened = (events: string, window?: Window, where?: FactCondition[]): FeatureExpression => ({
  ...{ aggregate: 'count', from: { events, ...(where ? { where } : {}) }, ...over(window) },
})

export const within = (category: string): FactCondition[] => [{ field: 'category', op: 'within', value: category }]

export const ratio = (of: FeatureExpression, by: FeatureExpression): FeatureExpression => ({ ratio: { of, by } })
