import { takeTableRows } from '@rapport/learn'
import { type Instant, isoOf, type Work } from '../../base/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import { basisOfTaught } from '../drift/taught-drift.ts'
import { sampledRows } from '../group-facts.ts'
import { publishSegments } from '../publish-segments.ts'
import { storeModel } from '../stored-models.ts'
import { bestCandidate, type Candidate, compareScorers, mean } from '../teaching/candidates.ts'
import { type Classes, classesOf } from '../teaching/classes.ts'
import { usualValues } from '../teaching/drivers.ts'
import { type LabelList, wrong } from '../teaching/label-list.ts'
import { findLeaks } from '../teaching/leaks.ts'
import { balancedThreshold, qualityOf, type TaughtQuality } from '../teaching/quality.ts'
import { type Everybody, labelledByList, labelledBySegment, readEverybody } from '../teaching/read-taught.ts'
import { fitScorer, scorerWords } from '../teaching/scorer.ts'
import { type Teacher, taughtClasses, taughtProbabilities } from '../teaching/teacher.ts'
import { checkTeach } from './check-request.ts'
import type { TaughtEvidence, TaughtFamily } from './family-result.ts'
import { modelJson } from './model-json.ts'
import { keepFamily } from './stored-families.ts'
import { keepProbabilities, type TaughtMembers, taughtSegments } from './taught-members.ts'

const query = readQueries(new URL('../families.sql', import.meta.url))

export interface TeachRequest {
  readonly name: string
  /** A list of customers and what they are, or a segment to look for more of. */
  readonly from:
    | { readonly kind: 'list'; readonly list: LabelList; readonly shown: string }
    | { readonly kind: 'segment'; readonly id: string }
  /** Names and families of the catalogue. Default: all that may be trained on and can be live, less those that alone say the label. */
  readonly features?: readonly string[]
  /** From which probability on a customer is in. Default: where precision and recall balance; half for several classes. */
  readonly threshold?: number
  readonly seed: number
}

/** Labelled customers that are learned from: more of them take long, and teach the same. */
const taughtMax = 20_000

/**
 * Learns from labelled customers who else is of their kind, and keeps them as a family of segments, in place of an earlier
 * one of that name. Where features tell the labels no better than chance, an earlier one is taken back.
 *
 * @param asOf the moment that `customer_features` was computed for
 * @throws RapportError `segments.labels` for labels that cannot be learned from, `segments.name`, `segments.features`,
 * `segments.unknown`, `work.aborted`
 */
export async function teachFamily(
  warehouse: Warehouse,
  request: TeachRequest,
  asOf: Instant,
  work?: Work,
): Promise<TaughtFamily> {
  const { from, seed, features = [], threshold } = request
  const family = await checkTeach(warehouse, request)
  const all = await readEverybody(warehouse, features, asOf, work)
  const labelled =
    from.kind === 'list'
      ? await labelledByList(warehouse, from.list, all, work)
      : await labelledBySegment(warehouse, from.id, all, work)
  const { classes, numbers } = classesOf(labelled.labels)
  const leaks = findLeaks(takeTableRows(all.table, labelled.rows), numbers, classes.names, seed)
  const areLeaksLeftOut = features.length === 0
  const everybody = areLeaksLeftOut
    ? without(
        all,
        leaks.map(({ feature }) => feature),
      )
    : all
  const taken = sampledRows(labelled.rows.length, taughtMax, seed)
  const rows = taken.map((at) => labelled.rows[at]!)
  const labels = taken.map((at) => numbers[at]!)
  const own = takeTableRows(everybody.table, rows)
  const { candidates, fold } = await compareScorers(own, labels, { classes: classes.names.length, seed }, work)
  const { chosen, because } = bestCandidate(candidates)
  const thresholds = thresholdsOf(classes, chosen, labels, threshold)
  const evidence: TaughtEvidence = {
    candidates: candidates.map(({ kind, losses }) => ({ name: scorerWords[kind], logLoss: mean(losses) })),
    baselineLogLoss: entropyOf(labels, classes.names.length),
    ...{ chosen: scorerWords[chosen.kind], chosenBecause: because },
    quality: qualities(classes, chosen, labels, thresholds),
  }
  const common = {
    ...({ kind: 'teach', family, asOf, leaks, areLeaksLeftOut, leftOut: labelled.leftOut } as const),
    ...{ customers: everybody.customerIds.length, source: from.kind === 'list' ? from.shown : from.id },
    labelled: classes.names.map((name, number) => ({ class: name, customers: count(numbers, number) })),
    notes: notesOf(rows.length, labelled.rows.length, labelled.leftOut),
  }
  const kept = {
    family,
    asOf,
    request: { ...request, from: from.kind === 'list' ? { kind: 'list', shown: from.shown } : from },
  }
  const poor = poorness(evidence)
  if (poor !== null) {
    const refresh = 'There is nothing to keep up to date; teach again with more labels.'
    const result: TaughtFamily = {
      ...common,
      none: common.customers,
      refresh,
      taught: { found: false, reason: poor, ...evidence },
    }
    await warehouse.transaction(async () => {
      await publishSegments(warehouse, family, asOf, [], work)
      await keepFamily(warehouse, { ...kept, modelId: null, result })
    })
    return result
  }
  const settings = { setting: chosen.setting, classes: classes.names.length, seed }
  const learned: Teacher = {
    ...{ kind: 'segment-teacher', classes, thresholds, isNoOpen: from.kind === 'segment' },
    ...{ calibration: chosen.calibration, scorers: chosen.scorers },
    scorer: await fitScorer(chosen.kind, own, labels, settings, work),
    names: everybody.table.columns.map(({ name }) => name),
    usual: [...usualValues(everybody.table)],
    features: everybody.table.columns.map(({ name }) => everybody.catalogue.find((feature) => feature.name === name)!),
  }
  const [said, folds] = [0, 1].map(() => new Int32Array(everybody.customerIds.length).fill(-1))
  labelled.rows.forEach((row, at) => {
    said![row] = numbers[at]!
  })
  rows.forEach((row, at) => {
    folds![row] = fold[at]!
  })
  const probabilities = taughtProbabilities(learned, everybody.table, folds!)
  const classOf = taughtClasses(learned, probabilities, said!)
  const teacher: Teacher = { ...learned, basis: basisOfTaught(everybody.table, classOf, classes.names.length) }
  const found = { probabilities, classOf, said: said!, asOf }
  const members = await taughtSegments(warehouse, family, teacher, everybody, found, work)
  return warehouse.transaction(async () => {
    const modelId = await keepModel(warehouse, teacher, evidence, common, asOf, seed)
    const segments = members.map(({ segment }) => segment)
    const result: TaughtFamily = {
      ...{ ...common, none: count(classOf, -1), refresh: taughtRefresh },
      taught: { found: true, modelId, segments, ...evidence },
    }
    await keepLabels(warehouse, family, everybody.customerIds, classes, said!, folds!)
    await publishTaught(warehouse, result, members, everybody.customerIds, work)
    await keepFamily(warehouse, { ...kept, modelId, result })
    return result
  })
}

export const taughtRefresh =
  'Each analysis asks the same model about everybody again; it learns anew when it is taught again under this name.'

const count = (numbers: Int32Array, of: number): number => numbers.reduce((sum, one) => sum + (one === of ? 1 : 0), 0)

function without(all: Everybody, left: readonly string[]): Everybody {
  const columns = all.table.columns.filter(({ name }) => !left.includes(name))
  if (columns.length === 0)
    throw wrong(`a feature must be left that does not by itself say the label, got none beside ${left.join(', ')}`)
  return { ...all, table: { ...all.table, columns } }
}

function thresholdsOf(
  { isYesNo, names }: Classes,
  { honest }: Candidate,
  labels: Int32Array,
  asked: number | undefined,
): readonly number[] {
  if (asked !== undefined || !isYesNo) return names.map(() => asked ?? 0.5)
  const balanced = balancedThreshold(ofClass(honest, 1), Uint8Array.from(labels))
  return [1 - balanced, balanced]
}

const ofClass = ({ rows, columns, values }: Candidate['honest'], number: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => values[row * columns + number]!)

function qualities(
  { isYesNo, names }: Classes,
  { honest }: Candidate,
  labels: Int32Array,
  thresholds: readonly number[],
): readonly TaughtQuality[] {
  return names.flatMap((name, number) => {
    if (isYesNo && number === 0) return []
    const isOf = Uint8Array.from(labels, (label) => (label === number ? 1 : 0))
    return [qualityOf(name, ofClass(honest, number), isOf, thresholds[number]!)]
  })
}

/** Log loss of telling everybody the classes' shares. */
function entropyOf(labels: Int32Array, classes: number): number {
  const shares = Array.from({ length: classes }, (_, number) => count(labels, number) / labels.length)
  return shares.reduce((sum, share) => sum - (share > 0 ? share * Math.log(share) : 0), 0)
}

/** Why nothing is to be made of it; null when the labels can be told. */
function poorness({ candidates, baselineLogLoss, chosen, quality }: TaughtEvidence): string | null {
  const best = Math.min(...candidates.map(({ logLoss }) => logLoss))
  const isChance = quality.every(({ auc }) => auc.low <= 0.5)
  if (best < baselineLogLoss && !isChance) return null
  const { auc } = quality[0]!
  return `what is known of customers does not tell these labels better than chance: ${chosen} reaches an area under the ROC curve of ${auc.value.toFixed(2)} (${auc.low.toFixed(2)} to ${auc.high.toFixed(2)}, chance is 0.5), log loss ${best.toFixed(3)} against ${baselineLogLoss.toFixed(3)} of telling everybody the same`
}

function notesOf(taken: number, labelled: number, leftOut: number): readonly string[] {
  return [
    ...(taken < labelled
      ? [
          `${taken.toLocaleString('en')} of ${labelled.toLocaleString('en')} labelled customers, drawn at random, were learned from`,
        ]
      : []),
    ...(leftOut > 0
      ? [
          `${leftOut === 1 ? 'one labelled customer was' : `${leftOut.toLocaleString('en')} labelled customers were`} left out: they may not be profiled, or nothing is known of them`,
        ]
      : []),
  ]
}

function keepModel(
  warehouse: Warehouse,
  teacher: Teacher,
  evidence: TaughtEvidence,
  { source, labelled, leaks }: Pick<TaughtFamily, 'source' | 'labelled' | 'leaks'>,
  asOf: Instant,
  seed: number,
): Promise<string> {
  return storeModel(warehouse, {
    ...{ kind: `taught-${teacher.scorer.kind}`, asOf, fitted: modelJson(teacher) },
    card: {
      trainedOn: `${labelled.map((one) => `${one.customers} ${one.class}`).join(', ')} by ${source}, features as of ${isoOf(asOf)}`,
      features: teacher.names,
      metrics: evidence,
      ...{ leaks, seed },
      basis:
        'customers who refused profiling are neither learned from nor added; contacting others needs their consent',
    },
  })
}

async function keepLabels(
  warehouse: Warehouse,
  family: string,
  customerIds: readonly string[],
  { names }: Classes,
  said: Int32Array,
  fold: Int32Array,
): Promise<void> {
  const staged = 'staged_labels'
  const rows = Array.from(said.keys()).filter((row) => said[row]! >= 0)
  await warehouse.run(query('forget_labels'), { family })
  await warehouse.stage(staged, {
    customer_id: rows.map((row) => customerIds[row]!),
    label: rows.map((row) => names[said[row]!]!),
    fold: Int32Array.from(rows, (row) => fold[row]!),
  })
  await warehouse.run(query('add_labels').replace('{table}', staged), { family })
  await warehouse.run(`drop table ${staged}`)
}

/** Segments with their members and probabilities. */
export async function publishTaught(
  warehouse: Warehouse,
  { family, asOf, source, taught }: TaughtFamily,
  members: readonly TaughtMembers[],
  customerIds: readonly string[],
  work?: Work,
): Promise<void> {
  if (!taught.found) return
  const filled = members.map(({ segment: { id, name }, rows }) => ({
    ...{ id, name, modelId: taught.modelId },
    definition: {
      ...{ kind: 'teach', words: `customers of ${source}, and those whom ${taught.chosen} takes for the same kind` },
      ...{ source, model: taught.modelId },
    },
    customerIds: Array.from(rows, (row) => customerIds[row]!),
  }))
  await publishSegments(warehouse, family, asOf, filled, work)
  await keepProbabilities(warehouse, members, customerIds)
}
