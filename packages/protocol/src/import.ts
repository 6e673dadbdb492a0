import { z } from 'zod'
import { customer } from './customer.ts'
import { event } from './event.ts'
import type { FieldType } from './fields.ts'
import { orderLine } from './order-line.ts'
import { product } from './product.ts'

export const importKind = z.enum(['orders', 'events', 'customers', 'products'])
export type ImportKind = z.infer<typeof importKind>

/** One target column and where its values come from. */
export const mappedColumn = z.object({
  target: z.string(),
  source: z.string(),
  /** Why this source, in words a user reads. */
  why: z.string(),
  /** The first values of the source. */
  sample: z.array(z.string()),
})
export type MappedColumn = z.infer<typeof mappedColumn>

/** What an import would do with a file's columns, for a user to look at. */
export const mappingProposal = z.object({
  kind: importKind,
  columns: z.array(mappedColumn),
  /** Sources that no target takes. */
  unmapped: z.array(z.string()),
  /** 0 … 1: that of the weakest column that is needed. */
  confidence: z.number().min(0).max(1),
  /** What only the user can know; the mapping is not to be taken before each is answered. */
  questions: z.array(z.string()),
})
export type MappingProposal = z.infer<typeof mappingProposal>

const rows = z.number().int().nonnegative()

/** What an import did: read = accepted + duplicates + quarantined + refused. */
export const importSummary = z.object({
  /** null when nothing was written. */
  batchId: z.number().int().nullable(),
  kind: importKind,
  files: z.array(z.object({ path: z.string(), bytes: rows, sha256: z.string(), rows })),
  read: rows,
  accepted: rows,
  duplicates: rows,
  quarantined: rows,
  /** Of people who were erased. */
  refused: rows,
  /** Accepted records that equal an earlier one of their file. */
  repeatedLinesKept: rows,
  mapping: z.record(z.string(), z.string()),
  warnings: z.array(z.string()),
  reasons: z.array(z.object({ code: z.string(), reason: z.string(), count: rows })),
  /** How many customers of this import may be contacted, and why in words. */
  contactable: z.object({ customers: rows, why: z.string() }),
  dryRun: z.boolean(),
})
export type ImportSummary = z.infer<typeof importSummary>

/** A column that records of a kind can have. */
export interface Target {
  readonly name: string
  readonly type: FieldType
  readonly doc: string
}

const schemas = { orders: orderLine, events: event, customers: customer, products: product }

/** The targets of a kind in their order, as its schema has them. */
export function targetsOf(kind: ImportKind): readonly Target[] {
  return Object.entries<z.ZodType>(schemas[kind].shape).map(([name, schema]) => {
    const { field, description } = schema.meta() ?? {}
    return { name, type: field ?? 'text', doc: description ?? '' }
  })
}
