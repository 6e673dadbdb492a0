import { guardedFetch, readConfiguration } from '../base/index.ts'
import { ErasureList, openConsentDoor, refusingErased } from '../consent/index.ts'
import {
  callMappings,
  lentSources,
  openEventLog,
  openSources,
  openTrackingPlan,
  type Sources,
} from '../ingestion/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { sourcesOf } from './configuration-of.ts'

/** Runs sources in this process: those of the server where it is one, else on a log that is opened for the moment. */
export async function withSources<Result>(
  store: string,
  warehouse: Warehouse,
  state: State,
  use: (sources: Sources) => Promise<Result>,
): Promise<Result> {
  const served = lentSources(warehouse)
  if (served) return use(served)
  const { allowHosts, sourceFolders } = readConfiguration(sourcesOf(store))
  const log = await openEventLog(warehouse)
  try {
    const consent = refusingErased(await openConsentDoor(warehouse), new ErasureList(warehouse.folder))
    const doors = { consent, plan: await openTrackingPlan(state) }
    return await use(
      openSources({
        ...{ warehouse, state, log, doors, mappings: callMappings },
        ...{ fetch: guardedFetch(allowHosts), folders: sourceFolders },
      }),
    )
  } finally {
    await log.close()
  }
}
