import { RapportError } from '@rapport/numerics'

/**
 * What every file begins with: a byte that is no text, the name, and line ends of both kinds, so that a copy which
 * mended line ends or cut the eighth bit is seen at once (PNG's trick).
 */
export const magic = Uint8Array.of(0x89, 0x52, 0x50, 0x52, 0x54, 0x0d, 0x0a, 0x1a)

/** The version that is written. It rises when the encoding changes, or when the fields of any model do. */
export const formatVersion = 1

/** Where things lie in the header; after it come the kind's bytes and the value's. Numbers are little-endian. */
export const layout = { version: 8, checksum: 10, valueBytes: 14, kindBytes: 22, kind: 24 } as const

/** Values nested deeper than this are neither written nor read. */
export const depthMax = 100

/** The first byte of every value. */
export const tags = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  number: 4,
  string: 5,
  /** Text that is not well-formed Unicode (half a surrogate pair), as 16-bit units. */
  units: 6,
  array: 7,
  object: 8,
  map: 9,
  set: 10,
  /** Typed arrays: this plus their place in `arrayTypes`. */
  firstArrayType: 32,
} as const

/** Typed arrays by their tag; a new one goes to the end. */
export const arrayTypes = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
] as const

export type TypedArray = InstanceType<(typeof arrayTypes)[number]>

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Turns elements of `width` bytes between this machine's order and the file's, in place. */
export function toFileOrder(bytes: Uint8Array, width: number): void {
  if (isLittleEndian) return
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse()
}

export const damaged = (message: string): RapportError => new RapportError('persist.damaged', message)
