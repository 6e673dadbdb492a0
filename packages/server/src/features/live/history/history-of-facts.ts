import type { Instant } from '../../../base/index.ts'
import { type Fact, inOrder, type ScoreFact, type TraitFact } from '../../defined/fact.ts'
import { fieldType } from '../../defined/fields.ts'
import { entityKeyOf } from '../../defined/interpret.ts'
import type { Plan } from '../../defined/plan.ts'
import { needsOf } from '../../point-in-time/needs.ts'
import { type HistoryPart, type OwnerKind, partField, rowKinds } from './history-part.ts'
import { type History, ownersOf } from './read-history.ts'

/** What happened, and what was said of customers. */
export interface ToldFacts {
  readonly facts: readonly Fact[]
  readonly traits: readonly TraitFact[]
  readonly scores: readonly ScoreFact[]
}

interface Row {
  readonly kind: number
  readonly owner: string
  readonly fact: Fact
  readonly trait: string | null
  readonly score: number
}

/** The history that a log in memory is, in the form in which a store's is read. @param position see `History` */
export function historyOfFacts(
  plan: Pick<Plan, 'leaves'>,
  { facts, traits, scores }: ToldFacts,
  { position, clock }: { readonly position: number; readonly clock: Instant },
): History {
  const needs = needsOf(plan)
  const isKnown = ({ at, receivedAt }: Fact): boolean => Math.max(at, receivedAt) <= clock
  const said = [...traits.map(traitRow), ...scores.map(scoreRow)]
  const rowsOf = (of: OwnerKind): readonly Row[] =>
    facts.filter(isKnown).flatMap((fact) => {
      const owner = of === 'customer' ? fact.customerId : (entityKeyOf(of, fact)?.[0] ?? null)
      return owner === null ? [] : factRow(fact, owner)
    })
  const partOf = (of: OwnerKind, rows: readonly Row[]): HistoryPart => encode(of, rows, fieldsOf())
  const fieldsOf = (): readonly (readonly ['event' | 'line', string])[] =>
    (['event', 'line'] as const).flatMap((kind) => (needs[kind]?.fields ?? []).map((field) => [kind, field] as const))
  const later = facts.filter((fact) => !isKnown(fact)).sort(inOrder)
  return {
    ...{ position, needs },
    parts: (async function* parts() {
      for (const of of ownersOf(plan))
        yield partOf(of, [...rowsOf(of), ...(of === 'customer' ? said : [])].sort(byOwner))
    })(),
    later: async () =>
      partOf(
        'customer',
        later.map((fact) => factRow(fact, '')),
      ),
    latestKeys: async () => [...facts].sort(inOrder),
    close: async () => {},
  }
}

const factRow = (fact: Fact, owner: string): Row => ({
  ...{ kind: rowKinds[fact.kind], owner, fact, trait: null, score: Number.NaN },
})

const traitRow = ({ customerId, key, knownAt, trait, value }: TraitFact): Row => ({
  ...{ kind: rowKinds.trait, owner: customerId, fact: saidFact(customerId, key, knownAt, trait), trait: value },
  score: Number.NaN,
})

const scoreRow = ({ customerId, score, value, asOf }: ScoreFact): Row => ({
  ...{
    kind: rowKinds.score,
    owner: customerId,
    fact: saidFact(customerId, 0n, asOf, score),
    trait: null,
    score: value,
  },
})

const saidFact = (customerId: string, key: bigint, at: Instant, name: string): Fact => ({
  ...{ kind: 'event', key, at, receivedAt: at, customerId, name, call: null, fields: {} },
})

const byOwner = (left: Row, right: Row): number =>
  left.owner < right.owner ? -1 : left.owner > right.owner ? 1 : inOrder(left.fact, right.fact)

function encode(
  of: OwnerKind,
  rows: readonly Row[],
  fields: readonly (readonly ['event' | 'line', string])[],
): HistoryPart {
  const numbers = (value: (row: Row) => number): Float64Array<ArrayBuffer> => Float64Array.from(rows, value)
  const fieldOf = ({ kind, fact }: Row, of: 'event' | 'line', field: string): string | number | null =>
    kind === rowKinds[of] ? (fact.fields[field] ?? null) : null
  const isNumber = ([kind, field]: readonly ['event' | 'line', string]): boolean =>
    fieldType(kind, field, '') === 'number'
  const columns: readonly (readonly [string, (row: Row) => string | null])[] = [
    ['owner', ({ owner }) => owner],
    ['customer_id', ({ fact }) => fact.customerId],
    ['name', ({ fact }) => fact.name],
    ['call', ({ fact }) => fact.call],
    ['trait', ({ trait }) => trait],
    ...fields
      .filter((one) => !isNumber(one))
      .map(
        ([kind, field]) => [partField(kind, field), (row: Row) => fieldOf(row, kind, field) as string | null] as const,
      ),
  ]
  return {
    ...{ of, rows: rows.length },
    numbers: new Map([
      ['kind', numbers(({ kind }) => kind)],
      ['occurred_at', numbers(({ fact }) => fact.at)],
      ['received_at', numbers(({ fact }) => fact.receivedAt)],
      ['score', numbers(({ score }) => score)],
      ...[0, 1, 2, 3].map(
        (part) =>
          [`key_${part}`, numbers(({ fact }) => Number((fact.key >> BigInt(32 * part)) & 0xffff_ffffn))] as const,
      ),
      ...fields
        .filter(isNumber)
        .map(
          ([kind, field]) =>
            [
              partField(kind, field),
              numbers((row) => (fieldOf(row, kind, field) as number | null) ?? Number.NaN),
            ] as const,
        ),
    ]),
    lengths: new Map(
      columns.map(([name, value]) => [
        name,
        numbers((row) => {
          const text = value(row)
          return text === null ? Number.NaN : Buffer.byteLength(text)
        }),
      ]),
    ),
    bytes: new Uint8Array(Buffer.from(rows.map((row) => columns.map(([, value]) => value(row)).join('')).join(''))),
  }
}
