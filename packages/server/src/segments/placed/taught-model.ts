import { liveTwin } from '../../features/index.ts'
import type { TaughtFamily } from '../families/family-result.ts'
import { reasonsFor } from '../teaching/drivers.ts'
import { effectsOn } from '../teaching/scorer.ts'
import { type Teacher, taughtClasses, taughtProbabilities } from '../teaching/teacher.ts'
import { rowOfInputs } from './input-row.ts'
import type { ByAnalyses, LiveModel, Placed } from './live-model.ts'

/** What customers were said to be, and which scorer has not seen them. */
export type KeptLabels = ReadonlyMap<string, { readonly said: number; readonly fold: number }>

/** A taught family, where all that it is told by is live: who was labelled stays what they were said to be. */
export function taughtModel(
  { family, source, taught }: TaughtFamily,
  modelId: string,
  teacher: Teacher,
  labels: KeptLabels,
): LiveModel | ByAnalyses {
  if (!taught.found) return { family, because: taught.reason }
  const { features: inputs, classes } = teacher
  if (inputs === undefined) return { family, because: 'its model is of before it could be live: teach it again' }
  const notLive = inputs.filter((feature) => liveTwin(feature) !== feature).map(({ name }) => name)
  if (notLive.length > 0) return { family, because: `${notLive.join(', ')} cannot be live` }
  const words = `customers of ${source}, and those whom ${taught.chosen} takes for the same kind`
  const segmentOf = (number: number): number => (classes.isYesNo ? number - 1 : number)
  const classOf = (segment: number): number => (classes.isYesNo ? segment + 1 : segment)
  return {
    ...{ family, modelId, inputs },
    // Of everybody who did anything.
    of: {
      sum: [
        { of: { aggregate: 'count', from: { lines: 'sale' } } },
        { of: { aggregate: 'count', from: { events: true } } },
      ],
    },
    segments: taught.segments.map(({ id, name }) => ({ id, name, words })),
    place(values, customerId): Placed {
      const label = labels.get(customerId)
      const fold = Int32Array.of(label?.fold ?? -1)
      const probabilities = taughtProbabilities(teacher, rowOfInputs(inputs, values), fold)
      const [own] = taughtClasses(teacher, probabilities, Int32Array.of(label?.said ?? -1))
      const { values: said } = probabilities
      if (classes.isYesNo) return { segment: own === 1 ? 0 : -1, distance: null, probability: said[1]!, runnerUp: null }
      const order = [...said.keys()].sort((a, b) => said[b]! - said[a]! || a - b)
      const next = order.find((number) => number !== own)!
      return {
        ...{
          segment: own! < 0 ? -1 : segmentOf(own!),
          distance: null,
          probability: said[own! < 0 ? order[0]! : own!]!,
        },
        runnerUp: { segment: segmentOf(next), distance: null, probability: said[next]! },
      }
    },
    why(values, { segment }): readonly string[] {
      const row = rowOfInputs(inputs, values)
      const effects = effectsOn(teacher.scorer, row, classOf(Math.max(0, segment)))
      const [reasons] = reasonsFor(effects, row, inputs, new Map(teacher.usual ?? []))
      return reasons!.map((reason) => reason.words)
    },
  }
}
