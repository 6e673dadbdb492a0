import { guardedFetch, readConfiguration } from '../base/index.ts'
import { callMappings, lentSources, openSources, type Sources } from '../ingestion/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { sourcesOf } from './configuration-of.ts'
import { openDoors } from './open-doors.ts'
import { usingLog } from './with-log.ts'

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
  return usingLog(warehouse, async (log) =>
    use(
      openSources({
        ...{ warehouse, state, log, doors: await openDoors(warehouse, state), mappings: callMappings },
        ...{ fetch: guardedFetch(allowHosts), folders: sourceFolders },
      }),
    ),
  )
}
