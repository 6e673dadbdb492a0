import { type ImportKind, type Target, targetsOf } from '@rapport/protocol'
import { RapportError, type Work } from '../base/index.ts'
import type { FileReader } from '../warehouse/index.ts'
import type { Resolved } from './kinds/record-plan.ts'
import { type TypedColumns, typedColumns, typedDateFormat, typedNumberFormat } from './kinds/typed-columns.ts'
import { isWholeTextSql, type Look, lookAtColumns } from './look-at-columns.ts'
import { decideDateFormat } from './mapping/date-format.ts'
import {
  decideNumberFormat,
  type NumberEvidence,
  type NumberFormat,
  readNumberEvidence,
} from './mapping/number-format.ts'
import { readSource, type Source } from './mapping/source-hints.ts'
import { noSuchColumn } from './no-such-column.ts'
import { completeLines } from './order-level/complete-lines.ts'

type Wanted = {
  readonly target: Target
  readonly source: string
  readonly column: string
} & Omit<Source, 'name'>

/**
 * Finds how each mapped column writes its values, from all of them, and gives the lines of an order what it says once.
 *
 * @param names source names: the i-th is column `c<i>` of the view `source`
 * @param jsonNumbers those that hold nothing but numbers of JSON
 * @throws RapportError `ingestion.mapping` for a target or source that there is not, `ingestion.ambiguous` when day and month, or the decimal
 * mark, cannot be told apart and the user has not said which it is
 */
export async function resolveColumns(
  reader: FileReader,
  kind: ImportKind,
  names: readonly string[],
  map: Readonly<Record<string, string>>,
  jsonNumbers: ReadonlySet<string>,
  work?: Work,
): Promise<ReadonlyMap<string, Resolved>> {
  const wanted = Object.entries(map).map(([target, source]) => wantedOf(kind, names, target, source))
  const typed = await typedColumns(reader)
  const looks = await lookAtColumns(reader, kind, wanted, typed, work)
  const formatOf = (source: string, column: string): NumberFormat | undefined =>
    jsonNumbers.has(source) ? { decimal: '.', isCertain: true } : typedNumberFormat(typed, column)
  const evidence = new Map<string, NumberEvidence>()
  for (const { target, source, column } of wanted) {
    if ((target.type === 'money' || target.type === 'number') && !formatOf(source, column)) {
      evidence.set(target.name, await readNumberEvidence(reader, column, looks.of.get(column)!))
    }
  }
  const fileDecimal = decimalOfFile([...evidence.values()])
  const resolved = new Map<string, Resolved>()
  for (const { target, source, column, order, decimal } of wanted) {
    work?.onProgress?.({ stage: `look at ${source}`, done: resolved.size, total: wanted.length })
    if (target.type === 'money' || target.type === 'number') {
      const number = decimal
        ? { decimal, isCertain: true }
        : (formatOf(source, column) ?? decideNumberFormat(evidence.get(target.name)!, fileDecimal))
      if (!number.isCertain) {
        throw new RapportError(
          'ingestion.ambiguous',
          `the decimal mark of ${source} must be known, got only values like 1.234 that can be read both ways: ` +
            `say --map '${target.name}=${source}:1.234,56' or '${target.name}=${source}:1,234.56'`,
        )
      }
      resolved.set(target.name, { source, column, number, isNumericId: false })
    } else if (target.type === 'instant' || target.type === 'date') {
      const date =
        typedDateFormat(typed, column, looks.of.get(column)!.filled) ??
        (await decideDateFormat(reader, 'source', column, order))
      if (date?.isAmbiguous) {
        throw new RapportError(
          'ingestion.ambiguous',
          `the order of day and month in ${source} must be known, got only values that can be read both ways: ` +
            `say --map '${target.name}=${source}:dd/mm' or '${target.name}=${source}:mm/dd'`,
        )
      }
      resolved.set(target.name, { source, column, isNumericId: false, ...(date ? { date } : {}) })
    } else {
      const isNumericId = target.type === 'id' && (await isNumeric(reader, column, typed, looks.of.get(column)!))
      resolved.set(target.name, { source, column, isNumericId })
    }
  }
  if (kind === 'orders') {
    const said = new Map(wanted.flatMap(({ target, level }) => (level ? [[target.name, level] as const] : [])))
    const notes = await completeLines(reader, resolved, said, { typed, looks }, work)
    const order = resolved.get('order_id')
    if (order) resolved.set('order_id', { ...order, notes })
  }
  return resolved
}

/**
 * Refuses targets and sources that there are not.
 *
 * @throws RapportError `ingestion.mapping`
 */
export function checkMapping(kind: ImportKind, names: readonly string[], map: Readonly<Record<string, string>>): void {
  for (const [target, source] of Object.entries(map)) wantedOf(kind, names, target, source)
}

function wantedOf(kind: ImportKind, names: readonly string[], name: string, given: string): Wanted {
  const target = targetsOf(kind).find((one) => one.name === name && one.type !== 'json')
  if (!target) {
    const known = targetsOf(kind).filter(({ type }) => type !== 'json')
    throw new RapportError(
      'ingestion.mapping',
      `a target of ${kind} must be one of ${known.map((one) => one.name).join(', ')}, got ${name}`,
    )
  }
  const { name: source, ...hint } = readSource(given, names)
  const index = names.indexOf(source)
  if (index < 0) throw noSuchColumn(name, source, names)
  if (hint.level && kind !== 'orders') {
    throw new RapportError('ingestion.mapping', `:${hint.level} must be said of orders, got ${name} of ${kind}`)
  }
  return { target, source, column: `c${index}`, ...hint }
}

/** The decimal mark that columns of the file agree on, when any tells. */
export function decimalOfFile(evidence: readonly NumberEvidence[]): '.' | ',' | undefined {
  const told = evidence
    .filter((one) => one.pointDecimals + one.commaDecimals + one.pointGroups + one.commaGroups > 0)
    .map((one) => decideNumberFormat(one).decimal)
  return new Set(told).size === 1 ? told[0] : undefined
}

/** Whether all values are whole numbers and some are written with a point: `13085.0`. */
async function isNumeric(reader: FileReader, column: string, typed: TypedColumns, look: Look): Promise<boolean> {
  if (!look.isPointed || typed.get(column)?.type === 'double') return look.isPointed
  const [all] = await reader.rows<{ numeric: boolean }>(
    `select bool_and(${isWholeTextSql('v')}) as numeric from (select distinct ${column} as v from source)`,
  )
  return all!.numeric
}
