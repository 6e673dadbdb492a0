import type { Instant } from '../../../base/index.ts'
import type { Fact, FactKind, ScoreFact, TraitFact } from '../../defined/fact.ts'
import { fieldType } from '../../defined/fields.ts'
import type { Needs } from '../../point-in-time/needs.ts'
import { type HistoryPart, partField, rowKinds } from './history-part.ts'
import { TextColumn } from './part-texts.ts'

/** A field of the facts of one kind, read on row by row. */
type FieldReader = (row: number) => string | number | null

/**
 * Goes through the rows of a part. The fact that it gives is one object, which changes with the row: whoever takes it in
 * must keep nothing of it but its values.
 */
export class PartRows {
  readonly fact: Fact
  readonly rows: number
  /** Of whom the row is. */
  owner = ''
  /** See `rowKinds`. */
  kind = 0
  private row = -1
  /** Where the next text begins. */
  private at = 0
  private readonly row0: RowFact
  private readonly kinds: Float64Array
  private readonly scores: Float64Array
  private readonly texts: { readonly [name in 'owner' | 'customer_id' | 'name' | 'call' | 'trait']: TextColumn }
  private readonly fields: Readonly<Record<FactKind, readonly (readonly [string, FieldReader])[]>>
  private traitValue: string | null = null

  /** @param needs that the part was read for */
  constructor(part: HistoryPart, needs: Pick<Needs, 'event' | 'line'>) {
    const numbers = (name: string): Float64Array => part.numbers.get(name)!
    const bytes = Buffer.from(part.bytes.buffer, part.bytes.byteOffset, part.bytes.byteLength)
    const texts = (name: string): TextColumn => new TextColumn(part.lengths.get(name)!, bytes)
    this.rows = part.rows
    this.kinds = numbers('kind')
    this.scores = numbers('score')
    this.texts = {
      ...{ owner: texts('owner'), customer_id: texts('customer_id'), name: texts('name') },
      ...{ call: texts('call'), trait: texts('trait') },
    }
    const readersOf = (kind: FactKind): readonly (readonly [string, FieldReader])[] =>
      (needs[kind]?.fields ?? []).map((field) => {
        const name = partField(kind, field)
        if (fieldType(kind, field, '') !== 'number') {
          const column = texts(name)
          return [field, () => this.textOf(column)]
        }
        const values = numbers(name)
        return [field, (row) => (Number.isNaN(values[row]!) ? null : values[row]!)]
      })
    this.fields = { event: readersOf('event'), line: readersOf('line') }
    this.row0 = new RowFact(
      ['key_0', 'key_1', 'key_2', 'key_3'].map((name) => numbers(name)),
      numbers('occurred_at'),
      numbers('received_at'),
    )
    this.fact = this.row0
  }

  /** Goes to the next row. @returns false where there is none */
  next(): boolean {
    this.row += 1
    if (this.row >= this.rows) return false
    const { row, texts, row0 } = this
    this.kind = this.kinds[row]!
    this.owner = this.textOf(texts.owner)!
    row0.turnTo(row, this.kind === rowKinds.line ? 'line' : 'event')
    row0.customerId = this.textOf(texts.customer_id)
    row0.name = this.textOf(texts.name)!
    row0.call = this.textOf(texts.call)
    this.traitValue = this.textOf(texts.trait)
    for (const kind of ['event', 'line'] as const) {
      const fields = row0.fieldsOf[kind]
      for (const [field, read] of this.fields[kind]) fields[field] = read(row)
    }
    return true
  }

  /** Texts lie one after another, so that each column is read in its turn, whatever the row is. */
  private textOf(column: TextColumn): string | null {
    const size = column.size(this.row)
    if (Number.isNaN(size)) return null
    const start = this.at
    this.at += size
    return column.text(start, size)
  }

  /** The trait that the row says. */
  trait(): TraitFact {
    const { at, key, customerId, name } = this.row0
    return { customerId: customerId!, key, knownAt: at, trait: name, value: this.traitValue! }
  }

  /** The score that the row says. */
  score(): ScoreFact {
    const { at, customerId, name } = this.row0
    return { customerId: customerId!, score: name, value: this.scores[this.row]!, asOf: at }
  }
}

const halves = new Uint32Array(4)
const longs = new BigUint64Array(halves.buffer)

class RowFact implements Fact {
  kind: FactKind = 'event'
  at: Instant = 0
  receivedAt: Instant = 0
  customerId: string | null = null
  name = ''
  call: string | null = null
  readonly fieldsOf: Readonly<Record<FactKind, Record<string, string | number | null>>> = { event: {}, line: {} }
  private row = 0
  private known: bigint | undefined
  private readonly keys: readonly Float64Array[]
  private readonly ats: Float64Array
  private readonly receivedAts: Float64Array

  constructor(keys: readonly Float64Array[], ats: Float64Array, receivedAts: Float64Array) {
    this.keys = keys
    this.ats = ats
    this.receivedAts = receivedAts
  }

  turnTo(row: number, kind: FactKind): void {
    this.row = row
    this.kind = kind
    this.at = this.ats[row]!
    this.receivedAt = this.receivedAts[row]!
    this.known = undefined
  }

  get fields(): Fact['fields'] {
    return this.fieldsOf[this.kind]
  }

  /** Made where it is asked for: most facts are in no place where a key is kept. */
  get key(): bigint {
    if (this.known === undefined) {
      for (let part = 0; part < 4; part += 1) halves[part] = this.keys[part]![this.row]!
      this.known = (longs[1]! << 64n) | longs[0]!
    }
    return this.known
  }
}
