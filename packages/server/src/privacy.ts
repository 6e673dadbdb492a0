import { join } from 'node:path'
import { z } from 'zod'
import { type Configuration, dayMs } from './base/index.ts'
import {
  ErasureList,
  facts,
  followConsents,
  forgetDecisions,
  isOfErased,
  lastPosition,
  ledgerData,
  openConsentDoor,
  type Person,
  type PersonalData,
  Privacy,
  receivedIdsOfPerson,
  valuesOf,
} from './consent/index.ts'
import { eraseFromMap, eraseIdentities, exportIdentities, followIdentities, identityKeysOf } from './identity/index.ts'
import { emptyLogLeftovers } from './ingestion/index.ts'
import { eraseFromAnalyses, writeLastReport } from './insights/index.ts'
import { enqueue, eraseJobsNaming, type JobKind, jobsNaming } from './jobs/index.ts'
import { eraseFromLists, eraseMovements, listsNaming, recoverMovements, removeLiveSnapshot } from './segments/index.ts'
import type { State } from './state/index.ts'
import type { Warehouse } from './warehouse/index.ts'

/** What export and erasure work on. */
export interface PrivacyOptions {
  readonly warehouse: Warehouse
  readonly state: State
  /** Whom this store has erased. */
  readonly list: ErasureList
  readonly configuration: Pick<Configuration, 'eraseWithinDays'>
  /** Path of the report of the last analysis. */
  readonly report: string
  /** Resolves when everything that was acknowledged is in the warehouse and followed. */
  readonly settle: () => Promise<void>
  /** Somebody with these ids is gone: nothing in memory knows them any more, and they are news when they come again. */
  readonly forgetIds: (receivedIds: readonly string[]) => Promise<void>
  /** Removes what was told of these ids coming into segments and leaving them. @returns how many movements */
  readonly eraseMovements: (receivedIds: readonly string[]) => Promise<number>
}

/** Everything that a room keeps of persons, put together: a room that begins to keep such data has its part here. */
export function privacyOf({
  warehouse,
  state,
  list,
  configuration,
  report,
  settle,
  forgetIds,
  eraseMovements,
}: PrivacyOptions): Privacy {
  const { queries } = state
  const { eraseWithinDays } = configuration
  const identities = identitiesData(warehouse, state, settle, forgetIds)
  const ledger = ledgerData(state)
  const movements = movementsData(eraseMovements)
  const privacy: Privacy = new Privacy({
    ...{ warehouse, state, list, settle, eraseWithinDays },
    emptyLeftovers: () => emptyLogLeftovers(warehouse.logFolder, (event) => isOfErased(event, list)),
    identityKeysOf: (id) => identityKeysOf(queries, id),
    // The events before whatever follows them, so that nothing can bring anything back.
    data: [
      analysesData(warehouse, report),
      factsData(warehouse),
      // Before whoever goes by lists forgets them: who reads lists after that must not find them there.
      listsData(state),
      identities,
      // That they left is news of the identities' going.
      movements,
      ledger,
      jobsData(state),
    ],
    onErased: async (dueAt) => {
      // Half of the time stays for tries that fail.
      const runAt = dueAt - (eraseWithinDays * dayMs) / 2
      await enqueue(queries, erasureJob(privacy), {}, { runAt, uniqueKey: 'erase' })
    },
    forget: async (visitors, until, runId) => {
      await forgetDecisions(warehouse, receivedIdsOfPerson(visitors))
      const decided = await ledger.erase(visitors, until, runId)
      // Last, as by their identities they are found when this is run again.
      const gone = await identities.erase(visitors, until, runId)
      return { ...decided, ...gone, ...(await movements.erase(visitors, until, runId)) }
    },
  })
  return privacy
}

/** Export and erasure for a command on a store that no server has open. */
export async function openPrivacy(
  warehouse: Warehouse,
  state: State,
  configuration: Pick<Configuration, 'eraseWithinDays'>,
): Promise<Privacy> {
  const identities = await followIdentities(warehouse, state)
  const consents = followConsents(warehouse, state, await openConsentDoor(warehouse, state))
  const settle = async (): Promise<void> => {
    const position = await lastPosition(warehouse)
    for (const follower of [identities, consents]) await follower.catchUp(position)
  }
  const report = join(warehouse.folder, 'report.html')
  const list = new ErasureList(warehouse.folder)
  await recoverMovements(warehouse)
  const privacy = privacyOf({
    ...{ warehouse, state, list, configuration, report, settle, forgetIds: async () => undefined },
    eraseMovements: async (ids) => {
      await removeLiveSnapshot(warehouse.folder)
      return eraseMovements(warehouse, ids)
    },
  })
  await privacy.resume()
  return privacy
}

/** The rewriting of the files, as work that is asked for by whoever erases. */
export const erasureJob = (privacy: Privacy): JobKind<object> => ({
  kind: 'erase',
  input: z.strictObject({}),
  mostAttempts: 20,
  run: async (_, work) => ({ finished: (await privacy.finish(work)).map(({ erasureId }) => erasureId) }),
})

/** Deletion of what was kept for long enough, as work that a schedule asks for. */
export const retentionJob = ({ retention }: Privacy): JobKind<object> => ({
  kind: 'retention',
  input: z.strictObject({}),
  mostAttempts: 5,
  run: (_, work) => retention.run(work),
})

const identitiesData = (
  warehouse: Warehouse,
  state: State,
  settle: () => Promise<void>,
  forgetIds: PrivacyOptions['forgetIds'],
): PersonalData => ({
  name: 'identities',
  export: ({ keys }) => exportIdentities(state.queries, keys),
  erase: async (person, _, erasureId) => {
    // Whoever follows the log is through with the events that are gone.
    await settle()
    const removed = await state.transaction((queries) => eraseIdentities(queries, person.keys, erasureId))
    await eraseFromMap(warehouse, receivedIdsOfPerson(person))
    await forgetIds(receivedIdsOfPerson(person))
    return removed
  },
})

const jobsData = ({ queries }: State): PersonalData => ({
  name: 'jobs',
  export: (person) => jobsNaming(queries, namesOf(person)),
  erase: (person) => eraseJobsNaming(queries, namesOf(person)),
})

/** In an export they are among the facts, as a table of the warehouse that names customers. */
const movementsData = (eraseOf: PrivacyOptions['eraseMovements']): PersonalData => ({
  name: 'movements',
  export: async () => [],
  erase: async (person) => ({ segment_movements: await eraseOf(receivedIdsOfPerson(person)) }),
})

const listsData = ({ queries }: State): PersonalData => ({
  name: 'lists',
  export: (person) => listsNaming(queries, namesOf(person)),
  erase: (person) => eraseFromLists(queries, namesOf(person)),
})

const analysesData = (warehouse: Warehouse, report: string): PersonalData => ({
  name: 'analyses',
  // What an analysis says of one customer is their scores, segments and recommendations.
  export: async () => [],
  erase: async (person) => {
    const analyses = await eraseFromAnalyses(warehouse, namesOf(person))
    if (analyses > 0) await writeLastReport(warehouse, report)
    return { analyses }
  },
})

/** An analysis that began since the stored ones were cleared may have read of the person until the facts were gone. */
const factsData = (warehouse: Warehouse): PersonalData => {
  const data = facts(warehouse)
  return {
    ...data,
    erase: async (person, ...rest) => {
      const removed = await data.erase(person, ...rest)
      await eraseFromAnalyses(warehouse, namesOf(person))
      return removed
    },
  }
}

const namesOf = (person: Person): string[] => [
  ...receivedIdsOfPerson(person),
  ...person.keys,
  ...['email', 'phone', 'device'].flatMap((kind) => valuesOf(person, kind)),
]
