import { type Instant, microsPerUnit, RapportError, stopIfAborted, type Work } from '../base/index.ts'
import { currentFeatures, registeredFeatures } from '../features/index.ts'
import { type Rule, ruleSql } from '../rules/index.ts'
import { duckdbDialect, type Warehouse } from '../warehouse/index.ts'
import { type Buyers, readBuyers } from './buyers.ts'
import { type FilledSegment, publishSegments } from './publish-segments.ts'
import type { RuleSegmentResult } from './result.ts'
import { type NamedRule, shippedRules } from './shipped-rules.ts'

/**
 * Finds everybody whom each rule holds for, as of the moment that `customer_features` was computed for, and puts the
 * segments into the store in place of those before.
 *
 * @param more rules beside the shipped ones; one with a shipped rule's id takes its place
 * @throws RapportError `segments.rule` when a rule cannot be compiled, `segments.features` when the table is of another
 * moment
 */
export async function ruleSegments(
  warehouse: Warehouse,
  { asOf, more = [] }: { readonly asOf: Instant; readonly more?: readonly NamedRule[] },
  work?: Work,
): Promise<readonly RuleSegmentResult[]> {
  const registered = await registeredFeatures(warehouse, currentFeatures)
  if (registered.asOf !== asOf) {
    throw new RapportError('segments.features', `features must be computed as of ${asOf}, got ${registered.asOf}`)
  }
  const replaced = new Set(more.map(({ id }) => id))
  const rules = [...shippedRules(registered.features).filter(({ id }) => !replaced.has(id)), ...more]
  const context = {
    features: registered.features,
    table: currentFeatures,
    asOf,
    rules: new Map<string, Rule>(rules.map(({ id, rule }) => [id, rule])),
    dialect: duckdbDialect,
  }
  const filled: FilledSegment[] = []
  for (const [at, { id, name, words, rule }] of rules.entries()) {
    stopIfAborted(work)
    const columns = await warehouse.columns(ruleSql(rule, context, id), undefined, work)
    filled.push({ id, name, definition: { kind: 'rule', words, rule }, customerIds: columns.keys('customer_id') })
    work?.onProgress?.({ stage: 'segments by rule', done: at + 1, total: rules.length })
  }
  await warehouse.transaction(() => publishSegments(warehouse, 'rule', asOf, filled, work))
  const [everybody] = await warehouse.rows<{ n: number }>(
    `select count(*) as n from ${duckdbDialect.identifier(currentFeatures)}`,
  )
  const buyers = await readBuyers(warehouse, asOf, work)
  return filled.map((segment, at) => ({ ...summaryOf(segment, buyers, everybody!.n), words: rules[at]!.words }))
}

function summaryOf(
  { id, name, customerIds }: FilledSegment,
  buyers: Buyers,
  everybody: number,
): Omit<RuleSegmentResult, 'words'> {
  const members = new Set(customerIds)
  let micros = 0
  let orders = 0
  buyers.customerIds.forEach((customer, row) => {
    if (!members.has(customer)) return
    micros += buyers.spentMicros[row]!
    orders += buyers.orders[row]!
  })
  const n = customerIds.length
  return {
    id,
    name,
    customers: n,
    share: everybody === 0 ? 0 : n / everybody,
    revenue: micros / microsPerUnit,
    averageOrders: n === 0 ? null : orders / n,
    averageSpend: n === 0 ? null : micros / microsPerUnit / n,
  }
}
