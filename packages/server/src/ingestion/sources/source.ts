import type { Work } from '../../base/index.ts'

/** Where a source goes on: what it needs of its own, as JSON. */
export type SourceCursor = Readonly<Record<string, unknown>>

/** Records that are taken all at once, and the place to go on from when they are. */
export interface SourcePage {
  /** Where they came from, as batches and the quarantine show it. */
  readonly name: string
  /** A file with them, as an import reads it; undefined when there are none. */
  readonly file: string | undefined
  /** Stored with the records, all or nothing. */
  readonly cursor: SourceCursor
  /** Where later pages do not need this one: leaves it out of their cursors when it could not be taken. */
  readonly leaveOut?: () => void
}

/**
 * Something outside that has records. Knows nothing of what becomes of them, nor of the store; a page that was not taken
 * comes again from the cursor before it.
 */
export interface Source {
  /**
   * What has come since `cursor`, in order, to its end for now. A page is taken before the next one is asked for.
   *
   * @param cursor of the last page that was taken; undefined at the first run
   * @param folder for files; gone when the run ends
   */
  pages(cursor: SourceCursor | undefined, folder: string, work: Work): AsyncIterable<SourcePage>
}

/** What a record tells of, as calls that an SDK would send, each with its messageId; or why it is of no interest. */
export type ToCalls = (record: unknown) => { readonly calls: readonly unknown[] } | { readonly ignored: string }

/** Ways from records to calls, by the name that a definition gives. */
export type CallMappings = Readonly<Record<string, ToCalls>>
