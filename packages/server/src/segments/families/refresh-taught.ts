import type { Instant, Work } from '../../base/index.ts'
import { currentFeatures, registeredFeatures } from '../../features/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import { driftWords } from '../drift/group-drift.ts'
import { driftOfTaught } from '../drift/taught-drift.ts'
import { readAgain } from '../teaching/read-taught.ts'
import { type Teacher, taughtClasses, taughtProbabilities } from '../teaching/teacher.ts'
import type { TaughtFamily } from './family-result.ts'
import { keepFamily, type StoredFamily, storedModel } from './stored-families.ts'
import { taughtSegments } from './taught-members.ts'
import { publishTaught, type TeachRequest, taughtRefresh } from './teach-family.ts'

const query = readQueries(new URL('../families.sql', import.meta.url))
const ofSegments = readQueries(new URL('../queries.sql', import.meta.url))

/** Asks the model of a taught family about everybody as they are now. */
export async function refreshTaught(
  warehouse: Warehouse,
  stored: StoredFamily,
  result: TaughtFamily,
  asOf: Instant,
  work?: Work,
): Promise<TaughtFamily> {
  const { family, modelId } = stored
  const { taught } = result
  if (!taught.found || modelId === null) return result
  const teacher = await storedModel<Teacher>(warehouse, modelId)
  const gone = teacher.features === undefined ? await featuresGone(warehouse, teacher.names) : []
  if (gone.length > 0) {
    const refresh = `Not asked again: the model goes by ${gone.join(', ')}, which this store does not compute any more. Teach it again.`
    return { ...result, refresh }
  }
  const everybody = await readAgain(warehouse, teacher, asOf, work)
  const { from } = stored.request as Pick<TeachRequest, 'from'>
  const { said, fold } = await labelsOf(warehouse, family, teacher, everybody.customerIds)
  if (from.kind === 'segment') await sayMembers(warehouse, from.id, everybody.customerIds, said)
  const probabilities = taughtProbabilities(teacher, everybody.table, fold)
  const classOf = taughtClasses(teacher, probabilities, said)
  const found = { probabilities, classOf, said, asOf }
  const members = await taughtSegments(warehouse, family, teacher, everybody, found, work)
  const { basis, classes } = teacher
  const drift = basis === undefined ? null : driftOfTaught(basis, everybody.table, classOf, classes.names)
  const refresh = [taughtRefresh, ...(drift === null ? [] : driftWords(drift, family, true))].join(' ')
  const next: TaughtFamily = {
    ...{ ...result, asOf, refresh, drift, customers: classOf.length },
    none: classOf.reduce((sum, one) => sum + (one < 0 ? 1 : 0), 0),
    taught: { ...taught, segments: members.map(({ segment }) => segment) },
  }
  await warehouse.transaction(async () => {
    await publishTaught(warehouse, next, members, everybody.customerIds, work)
    await keepFamily(warehouse, { ...stored, result: next })
  })
  return next
}

async function featuresGone(warehouse: Warehouse, names: readonly string[]): Promise<readonly string[]> {
  const { features } = await registeredFeatures(warehouse, currentFeatures)
  return names.filter((wanted) => !features.some(({ name }) => name === wanted))
}

/** What customers were said to be, and which scorer has not seen them; −1 where nobody said or none has. */
async function labelsOf(warehouse: Warehouse, family: string, { classes }: Teacher, customerIds: readonly string[]) {
  const columns = await warehouse.columns(query('labels'), { family })
  const rowOf = new Map(customerIds.map((id, row) => [id, row]))
  const [said, fold] = [new Int32Array(customerIds.length).fill(-1), new Int32Array(customerIds.length).fill(-1)]
  const [labels, folds] = [columns.keys('label'), columns.numbers('fold')]
  columns.keys('customer_id').forEach((id, at) => {
    const row = rowOf.get(id)
    if (row === undefined) return
    said[row] = classes.names.indexOf(labels[at]!)
    fold[row] = folds[at]!
  })
  return { said, fold }
}

/** Of a segment that others follow, those are in who are in it now; where it is gone, those who were. */
async function sayMembers(
  warehouse: Warehouse,
  id: string,
  customerIds: readonly string[],
  said: Int32Array,
): Promise<void> {
  const members = new Set((await warehouse.columns(ofSegments('members'), { id })).keys('customer_id'))
  if (members.size === 0) return
  customerIds.forEach((customer, row) => {
    said[row] = members.has(customer) ? 1 : 0
  })
}
