import type { FeatureDefinition } from '@rapport/protocol'
import { now, type Work } from '../../base/index.ts'
import { evaluateTree, type FeatureValue, needsOf, readFacts, storeBasis } from '../../features/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { Evaluation } from '../live/evaluation.ts'
import { type Explanation, explainSegment } from '../live/explain.ts'
import { unknown } from '../live/stored-segment-definitions.ts'
import { reasonsOf } from './reasons.ts'
import type { Standing } from './standing.ts'

/** What is true of a customer now, in short. */
export interface CustomerNow {
  readonly isReady: boolean
  /** Declared features of customers, by name. */
  readonly features: readonly {
    readonly name: string
    readonly label: string
    readonly unit: string | null
    readonly value: FeatureValue
  }[]
  /** Live segments that they are in, with what speaks for it. */
  readonly segments: readonly {
    readonly id: string
    readonly name: string
    readonly words: string
    readonly reasons: readonly string[]
  }[]
}

/** @param definitions of the features of the standing */
export function customerNow(
  standing: Standing,
  definitions: readonly FeatureDefinition[],
  customerId: string,
): CustomerNow {
  const { compiled, values, lists, isReady, members } = standing
  const asOf = now()
  const byName = new Map(definitions.map((definition) => [definition.name, definition]))
  const features = compiled.plan.features.flatMap(({ name, entity, tree }) => {
    const definition = byName.get(name)
    if (definition === undefined || entity !== 'customer') return []
    const value = evaluateTree(tree, (leaf) => values.leafValue([customerId], leaf, asOf))
    return { name, label: definition.label, unit: definition.unit ?? null, value }
  })
  const evaluation = new Evaluation(compiled, values, lists, customerId, asOf)
  const ids = new Set(members?.segmentsOf(customerId) ?? [])
  const segments = compiled.segments
    .filter(({ definition }) => ids.has(definition.id))
    .map(({ definition: { id, name, words }, root }) => ({
      ...{ id, name, words },
      reasons: root === null ? ['is on the list'] : reasonsOf(evaluation, root).map((reason) => said(reason)),
    }))
  return { isReady, features, segments }
}

const said = ({ words, holds }: { readonly words: string; readonly holds: boolean }): string =>
  holds ? words : `not so: ${words}`

/**
 * Why a customer is in a segment, or is not: clause by clause, with the events that count.
 *
 * @throws RapportError `segments.unknown`
 */
export async function explainNow(
  warehouse: Warehouse,
  standing: Standing,
  { segment, customer }: { readonly segment: string; readonly customer: string },
  work?: Work,
): Promise<Explanation> {
  const { compiled } = standing
  if (!compiled.segments.some(({ definition }) => definition.id === segment)) throw unknown(segment)
  const factsOf = async (id: string) => {
    const basis = await storeBasis(warehouse, now())
    return (await readFacts(warehouse, needsOf(compiled.plan), basis, { kind: 'customer', ids: [id] }, work)).facts
  }
  return explainSegment(standing, { factsOf }, { segment, customer, asOf: now() })
}
