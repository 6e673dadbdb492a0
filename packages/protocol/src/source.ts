import { z } from 'zod'
import { importKind } from './import.ts'

/** Letters, digits, `-` and `_`: it stands in commands and paths. */
const name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/i, 'must be a name of letters, digits, - and _')

/** Where something stands in an answer: a JSON pointer (RFC 6901); '' is the whole. */
const pointer = z
  .string()
  .regex(/^(\/([^~/]|~[01])*)*$/, 'must be a JSON pointer like /data/items, or empty for the whole')

const parameter = z.string().min(1).max(200)

/** How a source's answers go on. */
export const paging = z
  .discriminatedUnion('by', [
    z.strictObject({ by: z.literal('none') }),
    z.strictObject({ by: z.literal('link-header') }).meta({ description: 'a Link header with rel="next"' }),
    z
      .strictObject({ by: z.literal('next-url'), pointer })
      .meta({ description: 'the URL of the next page, in the answer' }),
    z
      .strictObject({ by: z.literal('token'), pointer, parameter })
      .meta({ description: 'a token in the answer, to be sent with the next request' }),
    z
      .strictObject({ by: z.literal('page'), parameter, first: z.int().min(0).default(1) })
      .meta({ description: 'the number of the page; the last one is empty' }),
    z
      .strictObject({ by: z.literal('offset'), parameter, first: z.int().min(0).default(0) })
      .meta({ description: 'how many records come before; the last page is empty' }),
  ])
  .meta({ id: 'SourcePaging' })
export type Paging = z.infer<typeof paging>

/** What becomes of records: those of a file of the kind, or calls as an SDK would send them. */
export const sourceTarget = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: importKind,
      map: z
        .record(z.string(), z.string())
        .default({})
        .meta({ description: 'target → field of the record; of an object inside it, joined with a point' }),
      currency: z.string().optional(),
      timezone: z.string().optional(),
      basis: z.string().optional().meta({ description: 'why these people may be contacted' }),
    }),
    z.strictObject({
      kind: z.literal('calls'),
      mapping: name.meta({ description: 'how a record becomes calls' }),
    }),
  ])
  .meta({ id: 'SourceTarget' })
export type SourceTarget = z.infer<typeof sourceTarget>

/** An HTTP API that answers with JSON. */
export const httpOrigin = z.strictObject({
  type: z.literal('http'),
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string(), z.string()).default({}),
  auth: z
    .strictObject({
      secret: name.meta({
        description: 'the secret’s name; it is sent to the host that it was given for, and no other',
      }),
      header: z.string().min(1).max(100).default('authorization'),
      prefix: z.string().max(100).default('Bearer '),
    })
    .optional(),
  records: pointer.default('').meta({ description: 'where the records stand in an answer: an array of objects' }),
  paging: paging.default({ by: 'none' }),
  since: z
    .strictObject({
      field: pointer.meta({ description: 'of a record: when it changed, as text that sorts by time, or a number' }),
      parameter: parameter.meta({ description: 'by which only what changed since is asked for' }),
    })
    .optional(),
})
export type HttpOrigin = z.infer<typeof httpOrigin>

/** Files that somebody puts into a folder. */
export const folderOrigin = z.strictObject({
  type: z.literal('folder'),
  path: z.string().min(1).meta({ description: 'in a folder that the configuration allows' }),
})
export type FolderOrigin = z.infer<typeof folderOrigin>

/** Something that records are fetched from, again and again. */
export const sourceDefinition = z
  .strictObject({
    from: z.discriminatedUnion('type', [httpOrigin, folderOrigin]),
    into: sourceTarget,
    everyMs: z.int().min(10_000).default(3_600_000).meta({ description: 'how often, ms' }),
  })
  .meta({ id: 'SourceDefinition' })
export type SourceDefinition = z.infer<typeof sourceDefinition>
/** As a user writes it: what has a default may be left out. */
export type SourceDraft = z.input<typeof sourceDefinition>

export const sourceName = name
