import { z } from 'zod'

/** Raised when what is written changes so that an older version could not read it. */
export const formatVersion = 1

export const manifestName = 'manifest.json'
/** The manifest's own SHA-256, hexadecimal. */
export const manifestHashName = 'manifest.sha256'

/** What lies beside the databases and cannot be made again from them: nothing else of a backup becomes a file of a store. */
export const besides = ['demo-truth.jsonl.gz'] as const

const file = z.strictObject({
  name: z.string().regex(/^(warehouse\/\w+-\d+\.parquet|state\/\w+\.jsonl\.gz)$/),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

const rows = z.int().min(0)

/** What a backup holds; its last entry but one. */
export const manifest = z.object({
  format: z.literal('rapport-backup'),
  formatVersion: z.int().min(1),
  /** The release that wrote it. */
  version: z.string(),
  createdAt: z.iso.datetime(),
  /** The position of the last event of the log. */
  position: z.int().min(0),
  warehouse: z.object({
    migrations: z.array(z.object({ number: z.int(), name: z.string(), checksum: z.string() })),
    sequences: z.record(z.string(), z.int()),
    tables: z.array(
      z.object({
        name: z.string(),
        columns: z.array(z.object({ name: z.string(), type: z.string() })),
        rows,
        /** Parquet, in any order. */
        files: z.array(file),
      }),
    ),
  }),
  state: z.object({
    database: z.enum(['sqlite', 'postgres']),
    migrations: z.array(z.string()),
    /** JSON Lines, packed with gzip. */
    tables: z.array(z.object({ name: z.string(), rows, files: z.array(file) })),
  }),
  /** What lies beside the databases in the store's folder, byte by byte. */
  files: z.array(file.extend({ name: z.enum(besides.map((name) => `files/${name}` as const)) })),
})
export type Manifest = z.infer<typeof manifest>

/** Every file that the manifest names. */
export const filesOf = ({ warehouse, state, files }: Manifest): z.infer<typeof file>[] => [
  ...warehouse.tables.flatMap((table) => table.files),
  ...state.tables.flatMap((table) => table.files),
  ...files,
]
