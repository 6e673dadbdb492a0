import { applyPreparation } from '@rapport/learn'
import { liveTwin } from '../../features/index.ts'
import { methodWords } from '../discovery/methods.ts'
import type { GroupModel } from '../families/discover-family.ts'
import type { DiscoveredFamily } from '../families/family-result.ts'
import { rowOfInputs } from './input-row.ts'
import { type ByAnalyses, type LiveModel, nowhere, type Placed } from './live-model.ts'

/** Groups that were found, where the nearest middle says who is in which and all that it is told by is live. */
export function groupsModel(
  { family, method, groups }: DiscoveredFamily,
  modelId: string,
  { scale, placing, centers }: GroupModel,
): LiveModel | ByAnalyses {
  if (!groups.found) return { family, because: 'no groups were found' }
  if (scale.kind !== 'features' || scale.features === undefined)
    return { family, because: `it compares customers by ${comparedBy[scale.kind]}` }
  if (placing.kind !== 'centres')
    return { family, because: `${methodWords[method]} does not put customers by the nearest middle` }
  const { features: inputs, preparation, names } = scale
  const notLive = inputs.filter((feature) => liveTwin(feature) !== feature).map(({ name }) => name)
  if (notLive.length > 0) return { family, because: `${notLive.join(', ')} cannot be live` }
  const words = `a group of customers who are alike, found by ${methodWords[method]}`
  return {
    ...{ family, modelId, inputs },
    // Groups are of buyers.
    of: { aggregate: 'count', from: { lines: 'sale' } },
    segments: groups.segments.map(({ id, name }) => ({ id, name, words })),
    place(values): Placed {
      if (values.every((value) => value === null)) return nowhere
      const row = rowOfInputs(inputs, values)
      const point = applyPreparation(preparation, {
        ...row,
        columns: row.columns.filter(({ name }) => names.includes(name)),
      }).values
      const distances = Array.from({ length: centers.rows }, (_, group) => {
        let square = 0
        for (let column = 0; column < centers.columns; column += 1)
          square += (point[column]! - centers.values[group * centers.columns + column]!) ** 2
        return Math.sqrt(square)
      })
      // The first of equals, as everywhere.
      const order = [...distances.keys()].sort((a, b) => distances[a]! - distances[b]! || a - b)
      const [nearest, next] = order as [number, number?]
      return {
        ...{ segment: nearest, distance: distances[nearest]!, probability: null },
        runnerUp: next === undefined ? null : { segment: next, distance: distances[next]!, probability: null },
      }
    },
    why: () => [],
  }
}

const comparedBy = {
  habits: 'habits, which are counted by the warehouse',
  factors: 'the products that they bought, which are too many to be kept of each',
  features: 'features as a model of before kept them: look for the family again',
} as const
