import { liveModelsRevision, noteOtherModels } from '../segments/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'

/** Lets the live copy know when families of segments have other models than the last time. */
export function followingFamilyModels(warehouse: Warehouse, state: State): () => Promise<void> {
  let known: string | undefined
  return async () => {
    const revision = await liveModelsRevision(warehouse)
    const isOther = known !== undefined && revision !== known
    known = revision
    if (isOther) await state.transaction(noteOtherModels)
  }
}
