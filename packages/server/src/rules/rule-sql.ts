import { dayMs, type Instant } from '../base/index.ts'
import type { Feature } from '../features/index.ts'
import type { Dialect } from '../warehouse/index.ts'
import { eventConditions, jsonText, numberSql } from './event-conditions.ts'
import {
  type EventTest,
  type FeatureTest,
  type Operand,
  type Operator,
  type Rule,
  type TraitTest,
  wrong,
} from './rule.ts'

/** What a rule is compiled against. */
export interface RuleContext {
  /** Columns of the feature table, with their types. */
  readonly features: readonly Feature[]
  /** The feature table, as of the same moment. */
  readonly table: string
  readonly asOf: Instant
  /** Rules that other rules may name, by id. Other segments are looked up among the members in the store. */
  readonly rules: ReadonlyMap<string, Rule>
  readonly dialect: Dialect
  /** Pointer to the rule, where it is part of a document; default it is the document. */
  readonly under?: string
}

/**
 * A query for the ids of everybody a rule holds for, as of the context's moment, ordered.
 *
 * Every value is quoted as a literal and every name is checked against a list or quoted as an identifier; nothing of a
 * rule reaches the query as it is.
 *
 * @param id the rule's own id, so that one that leads back to itself is refused
 * @throws RapportError `segments.rule` with a JSON pointer, for unknown features, types that do not match, and cycles
 */
export function ruleSql(rule: Rule, context: RuleContext, id?: string): string {
  const compiler = new RuleCompiler(context)
  const condition = compiler.condition(rule, context.under ?? '', id === undefined ? [] : [id])
  const { joins, relations } = compiler
  return `${relations.length > 0 ? `with ${relations.join(',\n')}\n` : ''}select f.customer_id
from ${context.dialect.identifier(context.table)} as f
${joins.join('\n')}
where ${condition}
order by f.customer_id`
}

/** Columns of the customers table that a trait test may name; anything else is a key of its JSON. */
const traitColumns: Readonly<Record<string, 'text' | 'number'>> = {
  gender: 'text',
  country: 'text',
  region: 'text',
  city: 'text',
  postal_code: 'text',
  education: 'text',
  income: 'number',
}

class RuleCompiler {
  readonly relations: string[] = []
  readonly joins: string[] = []
  readonly #context: RuleContext
  #traits = false

  constructor(context: RuleContext) {
    this.#context = context
  }

  condition(rule: Rule, pointer: string, inside: readonly string[]): string {
    const list = (rules: readonly Rule[], kind: string, word: string): string =>
      `(${rules.map((part, at) => this.condition(part, `${pointer}/${kind}/${at}`, inside)).join(` ${word} `)})`
    if ('all' in rule) return list(rule.all, 'all', 'and')
    if ('any' in rule) return list(rule.any, 'any', 'or')
    if ('not' in rule) return `not ${list(rule.not, 'not', 'or')}`
    if ('feature' in rule) return this.#feature(rule, pointer)
    if ('trait' in rule) return this.#trait(rule, pointer)
    if ('event' in rule) return this.#event(rule)
    return this.#segment(rule.segment, pointer, inside)
  }

  #feature(test: FeatureTest, pointer: string): string {
    const { features, dialect, table } = this.#context
    const feature = features.find(({ name }) => name === test.feature)
    if (!feature) throw wrong(`${pointer}/feature`, `must be a feature of the catalogue, got ${test.feature}`)
    const column = dialect.identifier(feature.name)
    if (test.op === 'top') {
      if (feature.type !== 'number') throw wrong(`${pointer}/op`, 'must not be top for a feature of text')
      const cut = `select quantile_disc(${column}, ${1 - (test.value as number)}) from ${dialect.identifier(table)} where ${column} > 0`
      return `coalesce(f.${column} > 0 and f.${column} >= (${cut}), false)`
    }
    return this.#compare(`f.${column}`, feature.type === 'number' ? 'number' : 'text', test.op, test.value, pointer)
  }

  #trait(test: TraitTest, pointer: string): string {
    if (test.op === 'top') throw wrong(`${pointer}/op`, 'must not be top for a trait')
    this.#joinTraits()
    const column = Object.hasOwn(traitColumns, test.trait) ? traitColumns[test.trait] : undefined
    if (column) return this.#compare(`t.${test.trait}`, column, test.op, test.value, pointer)
    const text = jsonText('t.traits', test.trait, this.#context.dialect)
    const first = Array.isArray(test.value) ? test.value[0] : test.value
    return typeof first === 'number'
      ? this.#compare(`try_cast(${text} as double)`, 'number', test.op, test.value, pointer)
      : this.#compare(text, 'text', test.op, test.value, pointer)
  }

  /** The latest value of each trait known by then; records without a date are taken as known. */
  #joinTraits(): void {
    if (this.#traits) return
    this.#traits = true
    const { dialect, asOf } = this.#context
    const latest = [...Object.keys(traitColumns), 'traits'].map(
      (name) => `arg_max(${name}, (batch_id, coalesce(known_at, ${dialect.instant(0)}), ${name})) as ${name}`,
    )
    this.relations.push(
      `known_traits as (select customer_id, ${latest.join(', ')} from profiled_customers
        where known_at is null or known_at <= ${dialect.instant(asOf)} group by customer_id)`,
    )
    this.joins.push('left join known_traits as t on t.customer_id = f.customer_id')
  }

  #event({ event, count = { atLeast: 1 }, withinDays, where = {} }: EventTest): string {
    const { dialect, asOf } = this.#context
    const conditions = [
      ...eventConditions({ event, where }, dialect),
      `occurred_at <= ${dialect.instant(asOf)}`,
      `received_at <= ${dialect.instant(asOf)}`,
      ...(withinDays === undefined ? [] : [`occurred_at > ${dialect.instant(asOf - withinDays * dayMs)}`]),
    ]
    const relation = `happened_${this.relations.length}`
    this.relations.push(
      `${relation} as (select customer_id, count(*) as n from profiled_events where ${conditions.join(' and ')} group by customer_id)`,
    )
    this.joins.push(`left join ${relation} on ${relation}.customer_id = f.customer_id`)
    const n = `coalesce(${relation}.n, 0)`
    return `(${n} >= ${count.atLeast ?? 0} and ${count.atMost === undefined ? 'true' : `${n} <= ${count.atMost}`})`
  }

  #segment(id: string, pointer: string, inside: readonly string[]): string {
    const rule = this.#context.rules.get(id)
    if (rule) {
      if (inside.includes(id)) {
        throw wrong(`${pointer}/segment`, `must not lead back to itself, got ${[...inside, id].join(' → ')}`)
      }
      return this.condition(rule, `${pointer}/segment`, [...inside, id])
    }
    if (id.startsWith('rule.')) throw wrong(`${pointer}/segment`, `must be a known segment, got ${id}`)
    const { dialect } = this.#context
    return `f.customer_id in (select customer_id from served_members where segment_id = ${dialect.text(id)})`
  }

  #compare(
    expression: string,
    type: 'number' | 'text',
    op: Exclude<Operator, 'top'>,
    value: Operand | undefined,
    pointer: string,
  ): string {
    if (op === 'known') return `${expression} is not null`
    if (op === 'missing') return `${expression} is null`
    const literal = (operand: unknown): string => {
      if (type === 'number') {
        if (typeof operand === 'number') return numberSql(operand)
        throw wrong(`${pointer}/value`, `must be a number, got ${JSON.stringify(operand)}`)
      }
      if (typeof operand === 'number') throw wrong(`${pointer}/value`, `must be text, got ${operand}`)
      return this.#context.dialect.text(String(operand))
    }
    if (type === 'text' && op !== '=' && op !== '!=' && op !== 'in') {
      throw wrong(`${pointer}/op`, `must be =, !=, in, known or missing for text, got ${op}`)
    }
    const comparison = Array.isArray(value)
      ? `in (${value.map(literal).join(', ')})`
      : `${op === '!=' ? '<>' : op} ${literal(value)}`
    // Two-valued on purpose: a missing value fails every test, and `not` of that test holds.
    return `coalesce(${expression} ${comparison}, false)`
  }
}
