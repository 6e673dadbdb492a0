import type { Work } from '../base/index.ts'
import { refreshStandings, removeDerivedOfNobody } from '../consent/index.ts'
import { computeFeatures } from '../features/index.ts'
import {
  checkFamilyRequest,
  discoverFamily,
  type FamilyRequest,
  type FamilyResult,
  refitFamily,
  teachFamily,
} from '../segments/index.ts'
import { stoppable, type Warehouse } from '../warehouse/index.ts'
import { noteTakenOut } from './erase.ts'
import { lastMoment } from './first-look.ts'
import { keepFamilyInAnalysis } from './keep-family.ts'

/**
 * Makes a family of segments as of the last moment in the store, and shows it in the report of the last analysis, if there
 * is one.
 *
 * @param report the report's path
 * @throws RapportError as `discoverFamily` and `teachFamily`, and `insights.empty` in a store without records
 */
export async function makeFamily(
  store: Warehouse,
  request: FamilyRequest,
  report: string,
  work?: Work,
): Promise<FamilyResult> {
  const takenOut = await noteTakenOut(store)
  try {
    const warehouse = stoppable(store, work)
    await refreshStandings(warehouse)
    const asOf = await lastMoment(warehouse)
    await checkFamilyRequest(warehouse, request, asOf)
    await computeFeatures(warehouse, { asOf }, work)
    const made =
      request.kind === 'teach'
        ? await teachFamily(warehouse, request, asOf, work)
        : request.kind === 'refit'
          ? await refitFamily(warehouse, request, asOf, work)
          : await discoverFamily(warehouse, request, asOf, work)
    if (request.kind === 'refit' && !request.isAccepted) return made
    // Who was erased while it ran must not be in what it published.
    if ((await takenOut.names()).size > 0) await removeDerivedOfNobody(store)
    await keepFamilyInAnalysis(store, made, report)
    return made
  } finally {
    await takenOut.end()
  }
}
