import { RapportError, shortened } from '../../../base/index.ts'
import type { Check } from './check.ts'

/** Where a keyword stands, and what it may ask of the compiler. */
export interface KeywordContext {
  /** JSON pointer to the keyword in its schema. */
  readonly rule: string
  /** The keywords beside it. */
  readonly beside: Readonly<Record<string, unknown>>
  /** A schema inside the keyword. @param rule its JSON pointer */
  compile(schema: unknown, rule: string): Check
  /** The schema that a `$ref` names. */
  refer(reference: string): Check | undefined
}

/** Makes the check of a keyword. @throws RapportError `plan.schema` when its value means nothing */
export type Keyword = (value: unknown, context: KeywordContext) => Check

/** @throws RapportError `plan.schema` */
export function refuse(rule: string, must: string, got: unknown): never {
  const text = JSON.stringify(got) ?? 'nothing'
  throw new RapportError(
    'plan.schema',
    `${rule === '' ? 'the schema' : rule} must ${must}, got ${shortened(text, 80, '…')}`,
  )
}

/** Whether a value is the name of a field of its own of this record. */
export const isOneOf = <Value>(record: Readonly<Record<string, Value>>, name: unknown): name is string =>
  typeof name === 'string' && Object.hasOwn(record, name)

/** @throws RapportError `plan.schema` when it is no count */
export function countOf(written: unknown, rule: string): number {
  if (!Number.isSafeInteger(written) || (written as number) < 0)
    refuse(rule, 'be a whole number of at least 0', written)
  return written as number
}

/** @throws RapportError `plan.schema` when it is no object */
export function fieldsOf(written: unknown, rule: string): [name: string, value: unknown][] {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) refuse(rule, 'be an object', written)
  return Object.entries(written as object)
}
