import { ErasureList, openConsentDoor, refusingErased } from '../consent/index.ts'
import { type Doors, openTrackingPlan } from '../ingestion/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'

/** What calls pass that come in by a command: nothing of the refused or erased, nothing that breaks a schema. */
export async function openDoors(warehouse: Warehouse, state: State): Promise<Doors> {
  const consent = refusingErased(await openConsentDoor(warehouse, state), new ErasureList(warehouse.folder))
  return { consent, plan: await openTrackingPlan(state) }
}
