import type { Work } from './base/index.ts'
import { makeFamily } from './insights/index.ts'
import { canRunApart, runApart } from './run-apart.ts'
import type { FamilyRequest, FamilyResult } from './segments/index.ts'
import type { Warehouse } from './warehouse/index.ts'

/** Makes a family of segments, and shows it in the report, apart from this thread. @param report the report's path */
export const makeFamilyApart = async (
  warehouse: Warehouse,
  request: FamilyRequest,
  report: string,
  work: Work = {},
): Promise<FamilyResult> =>
  canRunApart
    ? ((await runApart(warehouse, { kind: 'family', request, report }, work)) as FamilyResult)
    : makeFamily(warehouse, request, report, work)
