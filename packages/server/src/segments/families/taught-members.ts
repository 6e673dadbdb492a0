import { takeTableRows } from '@rapport/learn'
import type { Matrix } from '@rapport/numerics'
import { type Instant, microsPerUnit, type Work } from '../../base/index.ts'
import { currentFeatures, readFeatures, registeredFeatures } from '../../features/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import { readBuyers } from '../buyers.ts'
import { profileGroups } from '../profile.ts'
import { describedBy } from '../stored-segments.ts'
import { driversOf, type MemberReason, reasonsFor, usualValues } from '../teaching/drivers.ts'
import type { Everybody } from '../teaching/read-taught.ts'
import { effectsOn } from '../teaching/scorer.ts'
import type { Teacher } from '../teaching/teacher.ts'
import type { TaughtSegment } from './family-result.ts'

const query = readQueries(new URL('../families.sql', import.meta.url))

/** Members whose reasons are told: those of more take long, and nobody reads them. */
const explainedMax = 1000

/** A segment with everybody in it. */
export interface TaughtMembers {
  readonly segment: TaughtSegment
  /** Rows of everybody. */
  readonly rows: Int32Array
  /** `[rows]` */
  readonly probabilities: Float64Array
  readonly isLabelled: Uint8Array
  /** `[rows]` what speaks most for each; empty for those beyond the first thousand. */
  readonly reasons: readonly (readonly MemberReason[])[]
}

/**
 * The segments of a family, with what is told of them.
 *
 * @param classOf `[n]` the class in whose segment each customer is, −1 for none
 * @param said `[n]` what customers were labelled, −1 for those who were not
 */
export async function taughtSegments(
  warehouse: Warehouse,
  family: string,
  teacher: Teacher,
  everybody: Everybody,
  {
    probabilities,
    classOf,
    said,
    asOf,
  }: { probabilities: Matrix; classOf: Int32Array; said: Int32Array; asOf: Instant },
  work?: Work,
): Promise<readonly TaughtMembers[]> {
  const { classes } = teacher
  const shown = classes.isYesNo ? [1] : Array.from(classes.names.keys())
  const profiles = await profilesOf(warehouse, classOf, shown, work)
  const spent = await spentOf(warehouse, asOf, everybody.customerIds, work)
  const usual = usualValues(everybody.table)
  return shown.map((number, position) => {
    const rows = Int32Array.from(classOf.keys()).filter((row) => classOf[row] === number)
    const own = Float64Array.from(rows, (row) => probabilities.values[row * probabilities.columns + number]!)
    const isLabelled = Uint8Array.from(rows, (row) => (said[row] === number ? 1 : 0))
    // Those who were added first: of them the model has to answer for.
    const first = Array.from(rows.keys())
      .sort((a, b) => isLabelled[a]! - isLabelled[b]! || own[b]! - own[a]! || a - b)
      .slice(0, explainedMax)
    const table = takeTableRows(
      everybody.table,
      Int32Array.from(first, (at) => rows[at]!),
    )
    const effects = effectsOn(teacher.scorer, table, number, work)
    const told = reasonsFor(effects, table, everybody.catalogue, usual)
    const reasons = Array.from(rows, (): readonly MemberReason[] => [])
    first.forEach((at, place) => {
      reasons[at] = told[place]!
    })
    const labelled = isLabelled.reduce((sum, one) => sum + one, 0)
    const added = own.filter((_, at) => isLabelled[at] === 0)
    return {
      ...{ rows, probabilities: own, isLabelled, reasons },
      segment: {
        ...{ id: `${family}.${position + 1}`, name: nameOf(family, classes, number) },
        ...{ customers: rows.length, labelled, added: added.length, share: rows.length / Math.max(1, classOf.length) },
        revenue: rows.reduce((sum, row) => sum + spent[row]!, 0) / microsPerUnit,
        averageProbability: added.length === 0 ? null : added.reduce((sum, one) => sum + one, 0) / added.length,
        drivers: driversOf(effects, table, everybody.catalogue),
        profile: profiles[position]!,
      },
    }
  })
}

function nameOf(family: string, { isYesNo, names }: Teacher['classes'], number: number): string {
  const words = isYesNo ? family.replaceAll('-', ' ') : names[number]!
  return words[0]!.toUpperCase() + words.slice(1)
}

async function profilesOf(warehouse: Warehouse, classOf: Int32Array, shown: readonly number[], work?: Work) {
  const { features } = await registeredFeatures(warehouse, currentFeatures)
  const read = await readFeatures(warehouse, currentFeatures, describedBy(features), work)
  return profileGroups(
    read,
    classOf.map((number) => shown.indexOf(number)),
    shown.length,
    work,
  )
}

/** `[n]` micros, 0 for those who bought nothing. */
async function spentOf(
  warehouse: Warehouse,
  asOf: Instant,
  customerIds: readonly string[],
  work?: Work,
): Promise<Float64Array> {
  const buyers = await readBuyers(warehouse, asOf, work)
  const spent = new Map(buyers.customerIds.map((id, row) => [id, buyers.spentMicros[row]!]))
  return Float64Array.from(customerIds, (id) => spent.get(id) ?? 0)
}

/** Puts the probabilities beside the members; call it inside a transaction, after the segments. */
export async function keepProbabilities(
  warehouse: Warehouse,
  members: readonly TaughtMembers[],
  customerIds: readonly string[],
): Promise<void> {
  const rows = members.flatMap((one) => Array.from(one.rows))
  if (rows.length === 0) return
  const staged = 'staged_probabilities'
  await warehouse.stage(staged, {
    position: Int32Array.from(members.flatMap((one, at) => Array.from(one.rows, () => at))),
    customer_id: rows.map((row) => customerIds[row]!),
    probability: Float64Array.from(members.flatMap((one) => Array.from(one.probabilities))),
    is_labelled: Int32Array.from(members.flatMap((one) => Array.from(one.isLabelled))),
    reasons: members.flatMap((one) => one.reasons.map((reasons) => JSON.stringify(reasons))),
  })
  await warehouse.run(query('add_probabilities').replace('{table}', staged), {
    ids: JSON.stringify(members.map(({ segment }) => segment.id)),
  })
  await warehouse.run(`drop table ${staged}`)
}
