import type { NamedUse } from '../../features/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { featuresOfPopulation } from './asking/definition.ts'
import { declaredPredictions } from './registry.ts'

/** Names of the features that declared predictions ask for, or tell their population by. */
export async function namedByPredictions(warehouse: Warehouse): Promise<readonly NamedUse[]> {
  return (await declaredPredictions(warehouse)).map(({ prediction }) => {
    const { name, features } = prediction.definition
    const asked = features === 'all' ? [] : features
    return { usedBy: `prediction ${name}`, names: [...asked, ...featuresOfPopulation(prediction)] }
  })
}
