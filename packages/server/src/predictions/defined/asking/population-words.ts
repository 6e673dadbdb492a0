import type { Rule } from '../../../rules/index.ts'

/**
 * A population's rule in words, for who must know why too few belong to it.
 *
 * @param labels of features by their names; one without a label is called by its name
 *
 * @example
 * populationWords({ all: [{ feature: 'orders', op: '=', value: 0 }, { event: 'Page Viewed', withinDays: 60 }] }, new Map())
 * // orders = 0 and Page Viewed in the last 60 days
 */
export function populationWords(rule: Rule | undefined, labels: ReadonlyMap<string, string>): string {
  if (rule === undefined) return 'everybody'
  const words = (part: Rule): string => {
    if ('all' in part) return part.all.map(inner).join(' and ')
    if ('any' in part) return part.any.map(inner).join(' or ')
    if ('not' in part) return part.not.map((own) => `not ${inner(own)}`).join(' and ')
    if ('feature' in part) return `${labels.get(part.feature) ?? part.feature} ${testWords(part)}`
    if ('trait' in part) return `trait ${part.trait} ${testWords(part)}`
    return 'event' in part ? eventWords(part) : `in ${part.segment}`
  }
  // Two parts under one word need marks of where they end.
  const inner = (part: Rule): string => {
    const own = words(part)
    return ('all' in part && part.all.length > 1) || ('any' in part && part.any.length > 1) ? `(${own})` : own
  }
  return words(rule)
}

type Test = Extract<Rule, { op: unknown }>

function testWords({ op, value }: Pick<Test, 'op' | 'value'>): string {
  if (op === 'known' || op === 'missing') return op
  if (op === 'top') return `among the highest ${100 * Number(value)} %`
  if (op === 'in') return `one of ${(value as readonly unknown[]).join(', ')}`
  return `${{ '<=': '≤', '>=': '≥', '!=': '≠' }[op as string] ?? op} ${String(value)}`
}

function eventWords({ event, count, withinDays, where }: Extract<Rule, { event: string }>): string {
  const { atLeast, atMost } = count ?? {}
  const times = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast} times`]),
    ...(atMost === undefined ? [] : [`at most ${atMost} times`]),
  ].join(', ')
  const wanted = Object.entries(where ?? {}).map(([key, value]) => `${key} ${String(value)}`)
  return [
    event,
    ...(wanted.length > 0 ? [`with ${wanted.join(', ')}`] : []),
    ...(times === '' ? [] : [times]),
    ...(withinDays === undefined ? [] : [`in the last ${withinDays} days`]),
  ].join(' ')
}
