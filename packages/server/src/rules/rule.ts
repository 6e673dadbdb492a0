import { z } from 'zod'
import { heldAt, mustOf, PlacedError, placedError, prototypeKeyIn, wordOf } from '../base/index.ts'

/** Who belongs to a segment: the JSON that a marketer (or a tool) writes. Every part is true or false of a customer. */
export type Rule =
  | { readonly all: readonly Rule[] }
  | { readonly any: readonly Rule[] }
  /** None of these holds. */
  | { readonly not: readonly Rule[] }
  | FeatureTest
  | TraitTest
  | EventTest
  | { readonly segment: string }

export type Operator = (typeof operators)[number]
export type Operand = string | number | boolean | readonly (string | number)[]

/** A feature of the catalogue. A missing value meets no test but `missing`. */
export interface FeatureTest {
  readonly feature: string
  readonly op: Operator
  readonly value?: Operand | undefined
}

/** A trait as imported: a column of the customers table, or a key of its `traits`. */
export interface TraitTest {
  readonly trait: string
  readonly op: Operator
  readonly value?: Operand | undefined
}

/** How often something happened, as of the moment; zero counts, so `atMost: 0` means never. */
export interface EventTest {
  readonly event: string
  /** Default at least once. */
  readonly count?: { readonly atLeast?: number | undefined; readonly atMost?: number | undefined } | undefined
  /** Default ever. */
  readonly withinDays?: number | undefined
  /** Columns of the event (`product_id`, `source`, …) or keys of its properties, all of which must be equal. */
  readonly where?: Readonly<Record<string, string | number | boolean>> | undefined
}

/** `top` is the share of customers with the highest values above zero: 0.1 is the top tenth. */
export const operators = ['=', '!=', '>', '>=', '<', '<=', 'in', 'known', 'missing', 'top'] as const

const name = z.string().min(1).max(100)
export const key = name.regex(/^[\p{L}\p{N}_ .-]+$/u, 'must be of letters, digits, space, _, . and -')
const scalar = z.union([z.string().max(1000), z.number(), z.boolean()])
const operand = z.union([
  scalar,
  z
    .array(z.union([z.string().max(1000), z.number()]))
    .min(1)
    .max(1000),
])
/** More conditions of one event than anybody writes are refused, as larger rules are. */
const conditionsMax = 50
export const comparison = { op: z.enum(operators), value: operand.optional() }
const whole = z.number().int().min(0)

export const leaves = {
  feature: z.strictObject({ feature: name, ...comparison }),
  trait: z.strictObject({ trait: key, ...comparison }),
  event: z.strictObject({
    event: name,
    count: z.strictObject({ atLeast: whole.optional(), atMost: whole.optional() }).optional(),
    withinDays: z.number().positive().max(36_500).optional(),
    where: z
      .record(key, scalar)
      .refine((where) => Object.keys(where).length <= conditionsMax, `must have at most ${conditionsMax} conditions`)
      .optional(),
  }),
  segment: z.strictObject({ segment: name.regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'must be an id of a segment') }),
}
const groups = ['all', 'any', 'not'] as const

/** Rules deeper or larger than anybody writes are refused before they become a query that no engine plans. */
const depthMax = 10
const partsMax = 200

/**
 * Reads a rule, refusing what is not one with the place where it goes wrong.
 *
 * @param under pointer to the rule, where it is part of a document
 * @throws RapportError `segments.rule` with a JSON pointer: '/all/1/op must …'
 *
 * @example
 * parseRule({ all: [{ feature: 'orders_90d', op: '>=', value: 3 }, { not: [{ event: 'Ticket Created' }] }] })
 */
export function parseRule(json: unknown, under = ''): Rule {
  type Test = FeatureTest | TraitTest | EventTest | { readonly segment: string }
  return readTree<Test>(json, under, testReaders<Test>(leaves))
}

/** Tests that their schemas alone read. */
export const testReaders = <Test>(
  schemas: Readonly<Record<string, z.ZodType<Test>>>,
): Readonly<Record<string, TestReader<Test>>> =>
  Object.fromEntries(Object.entries(schemas).map(([kind, schema]) => [kind, { schema }]))

/** Tests of some kind and what all, any and not make of them. */
export type TreeOf<Test> =
  | Test
  | { readonly all: readonly TreeOf<Test>[] }
  | { readonly any: readonly TreeOf<Test>[] }
  | { readonly not: readonly TreeOf<Test>[] }

/** A test, and what looks at it before its schema does, where that knows better what is wrong. */
export interface TestReader<Test> {
  readonly schema: z.ZodType<Test>
  readonly look?: (node: object, pointer: string) => readonly PlacedError[]
}

/** What is done with the parts of a rule where not all of it must be right. */
export interface PartsTold<Test> {
  /** Is given all that is wrong. */
  readonly note: (error: PlacedError) => void
  /** Is given every test that can be read, whatever is wrong beside it. */
  readonly keep: (test: Test, pointer: string) => void
}

/**
 * The same for a language with tests of its own.
 *
 * @param tests by the key that tells them apart
 * @param told is told what is wrong and what is not: the result is of no use then. Default: what is wrong first is thrown
 */
export function readTree<Test>(
  json: unknown,
  under: string,
  tests: Readonly<Record<string, TestReader<Test>>>,
  told?: PartsTold<Test>,
): TreeOf<Test> {
  const kinds = [...groups, ...Object.keys(tests)]
  let parts = 0
  const read = (node: unknown, pointer: string, depth: number): TreeOf<Test> => {
    parts += 1
    if (parts > partsMax) throw wrong(under, `must have at most ${partsMax} parts`)
    if (depth > depthMax) throw wrong(pointer, `must be at most ${depthMax} levels deep`)
    if (typeof node !== 'object' || node === null || Array.isArray(node)) {
      throw wrong(pointer, `must be an object with one of ${kinds.join(', ')}, got ${wordOf(node)}`)
    }
    const found = kinds.filter((kind) => Object.hasOwn(node, kind))
    const kind = found[0]
    if (found.length !== 1 || kind === undefined) {
      throw wrong(pointer, `must have exactly one of ${kinds.join(', ')}, got ${found.join(', ') || 'none'}`)
    }
    if (!isGroup(kind)) {
      const test = leaf(node, tests[kind]!, pointer, told?.note)
      if (test !== null) told?.keep(test, pointer)
      return test as Test
    }
    for (const extra of Object.keys(node).filter((other) => other !== kind)) {
      const error = wrong(`${pointer}/${escaped(extra)}`, `must not stand beside ${kind}`)
      if (told === undefined) throw error
      told.note(error)
    }
    const list = (node as Record<string, unknown>)[kind]
    if (!Array.isArray(list) || list.length === 0)
      throw wrong(`${pointer}/${kind}`, 'must be a list of at least one rule')
    const inner = list.flatMap((part, index) => attempt(() => read(part, `${pointer}/${kind}/${index}`, depth + 1)))
    return kind === 'all' ? { all: inner } : kind === 'any' ? { any: inner } : { not: inner }
  }
  const attempt = (work: () => TreeOf<Test>): TreeOf<Test>[] => {
    if (told === undefined) return [work()]
    try {
      return [work()]
    } catch (error) {
      if (!(error instanceof PlacedError)) throw error
      told.note(error)
      return []
    }
  }
  return attempt(() => read(json, under, 1))[0] as TreeOf<Test>
}

const isGroup = (kind: string): kind is (typeof groups)[number] => (groups as readonly string[]).includes(kind)

/** @param note is given everything that is wrong, and null is returned. Default: what is wrong first is thrown */
function leaf<Test>(
  node: object,
  { schema, look }: TestReader<Test>,
  pointer: string,
  note?: (error: PlacedError) => void,
): Test | null {
  const hidden = prototypeKeyIn(node)
  if (hidden !== undefined) throw wrong(pointer + hidden, 'must not be a key')
  const seen = look?.(node, pointer) ?? []
  const parsed = schema.safeParse(node)
  const misfits = (parsed.error?.issues ?? []).map((issue) => misfit(node, issue, pointer))
  // Of a key that was looked at, the schema says less well what is wrong.
  const keyIn = (at: string): string => at.slice(pointer.length).split('/')[1] ?? ''
  const isSaid = new Set(seen.map((error) => keyIn(error.pointer)))
  const errors = [...seen, ...misfits.filter((error) => !isSaid.has(keyIn(error.pointer)))]
  const [first] = errors
  if (first !== undefined && note === undefined) throw first
  for (const error of errors) note?.(error)
  if (!parsed.success || first !== undefined) return null
  if (typeof parsed.data === 'object' && parsed.data !== null && 'op' in parsed.data)
    checkOperand(parsed.data as { op: Operator; value?: Operand }, pointer)
  return parsed.data
}

function misfit(node: object, given: Issue, pointer: string): PlacedError {
  const { path, issue } = nearestIssue(given)
  const at = pointer + path.map((step) => `/${escaped(String(step))}`).join('')
  // Keys are in the pointer or the words already.
  const got =
    issue.code === 'unrecognized_keys' || issue.code === 'invalid_key' ? '' : `, got ${wordOf(heldAt(node, path))}`
  return wrong(at, `${mustOf(issue)}${got}`)
}

type Issue = z.core.$ZodIssue

interface PlacedIssue {
  readonly path: readonly PropertyKey[]
  readonly issue: Issue
}

/** Of several forms that a part may have, what is wrong with the one that it comes nearest to: that it goes deepest into. */
function nearestIssue(issue: Issue): PlacedIssue {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { path: issue.path, issue }
  const forms = issue.errors.map((issues) => ({ wrong: issues.length, ...nearestIssue(issues[0]!) }))
  const nearest = forms.reduce((best, form) =>
    form.path.length > best.path.length || (form.path.length === best.path.length && form.wrong < best.wrong)
      ? form
      : best,
  )
  return { path: [...issue.path, ...nearest.path], issue: nearest.issue }
}

function checkOperand({ op, value }: { op: Operator; value?: Operand | undefined }, pointer: string): void {
  const at = `${pointer}/value`
  if (op === 'known' || op === 'missing') {
    if (value !== undefined) throw wrong(at, `must be left out with ${op}`)
  } else if (op === 'in') {
    if (!Array.isArray(value)) throw wrong(at, 'must be a list with in')
  } else if (op === 'top') {
    if (typeof value !== 'number' || value <= 0 || value >= 1) throw wrong(at, 'must lie between 0 and 1 with top')
  } else if (value === undefined || Array.isArray(value)) {
    throw wrong(at, `must be one value with ${op}`)
  } else if (op !== '=' && op !== '!=' && typeof value !== 'number') {
    throw wrong(at, `must be a number with ${op}, got ${JSON.stringify(value)}`)
  }
}

const escaped = (step: string): string => step.replaceAll('~', '~0').replaceAll('/', '~1')

/** @param pointer to the part, behind the id of a segment where it is of one */
export function wrong(pointer: string, message: string): PlacedError {
  return pointer === ''
    ? new PlacedError('segments.rule', `the rule ${message}`, '')
    : placedError('segments.rule', pointer, message)
}
