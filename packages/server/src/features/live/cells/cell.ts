import type { Fact } from '../../defined/fact.ts'
import type { ByteReader, ByteWriter } from '../bytes.ts'

/** What a field of a fact says, in millionths where it is a number; 0 where no field is asked for. */
export type FieldValue = string | number

/**
 * What is remembered of the facts of one bucket, for one kind of aggregate. Facts come in any order; cells of several
 * buckets are merged when a window is read.
 */
export interface CellKind<C> {
  /**
   * The cell with a fact more, changed in place where it is an object.
   *
   * @returns undefined where it can no longer tell, because the fact comes too late for what it still remembers
   */
  readonly add: (cell: C | undefined, fact: Fact, value: FieldValue) => C | undefined
  /** Of two cells, neither changed. @param later of a later bucket */
  readonly merge: (earlier: C, later: C) => C
  /** Bytes that it holds beyond its place in a list, about. */
  readonly bytes: (cell: C) => number
  /** The most bytes of the cells of all buckets; left out where their number bounds them well enough. */
  readonly bytesMax?: number
  /** Forgets what is needed only while facts may still come late; left out where there is nothing. */
  readonly close?: (cell: C) => void
  readonly save: (cell: C, to: ByteWriter) => void
  readonly load: (from: ByteReader) => C
}
