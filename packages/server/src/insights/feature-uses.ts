import { now } from '../base/index.ts'
import { keepNamedUses, storeCatalogue } from '../features/index.ts'
import { namedByPredictions } from '../predictions/index.ts'
import { namedByFamilies } from '../segments/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'

/**
 * Lets the state store know which declared features predictions and families of segments name, where that is other than the
 * last time.
 */
export function followingFeatureUses(warehouse: Warehouse, state: State): () => Promise<void> {
  let kept = ''
  return async () => {
    const [declared] = await warehouse.rows<{ n: number }>('select count(*) as n from declared_features')
    if (declared!.n === 0) return
    const uses = [...(await namedByPredictions(warehouse)), ...(await namedByFamilies(warehouse))]
    const form = JSON.stringify([uses, declared!.n])
    if (form === kept) return
    const catalogue = await storeCatalogue(warehouse, now())
    await state.transaction((queries) => keepNamedUses(queries, ['prediction', 'family'], uses, catalogue))
    kept = form
  }
}
