import { WarehouseValues } from '../now/warehouse-values.ts'
import type { CompiledSegments } from './compiled.ts'
import { Evaluation } from './evaluation.ts'

/** Whoever of whom nothing is known is on no list either. */
const onNoList = { isListed: () => false }

/**
 * The segments, by their places, that hold of somebody of whom nothing is known that counts, as by a rule about what nobody
 * did: then everybody who is known to the store may be in them, and not only those of whom features remember something.
 * Time changes nothing about it.
 */
export function holdingOfNobody(compiled: CompiledSegments): readonly number[] {
  const evaluation = new Evaluation(compiled, WarehouseValues.ofNobody(compiled.plan), onNoList)
  return compiled.segments.flatMap((_, place) => (evaluation.isMember(place) ? place : []))
}
