import { RapportError } from '@rapport/numerics'
import { crc32 } from './checksum.ts'
import { damaged, formatVersion, layout, magic } from './format.ts'
import { ValueReader } from './value-reader.ts'
import { ValueWriter } from './value-writer.ts'

/** What can be saved: a fitted value of this library, or any plain data with a `kind`. */
export interface Saveable {
  readonly kind: string
}

/**
 * A fitted value as bytes, to be kept in a file, a column or a cache and read back by `loadModel`.
 *
 * Numbers, text, arrays, objects, maps, sets and typed arrays come back as they were, to the last bit (−0, NaN and
 * `undefined` included), and saving what was loaded gives the same bytes.
 *
 * @param model plain data; no functions, dates, class instances, cycles
 * @throws RapportError `persist.value` for what is not plain data, with its place
 *
 * Cost: O(bytes), twice the value's size in memory.
 *
 * @example
 * const bytes = saveModel(await fitKMeans(data, { clusters: 3, seed: 1 }))
 * const model = loadModel<KMeansModel>(bytes, 'k-means')
 */
export function saveModel(model: Saveable): Uint8Array {
  if (typeof model?.kind !== 'string' || model.kind === '') {
    throw new RapportError('persist.value', `a saved value must have a kind, got ${typeof model?.kind} for it`)
  }
  const kind = new TextEncoder().encode(model.kind)
  // Half of a surrogate pair has no place in UTF-8 and would come back as another kind.
  if (new TextDecoder('utf-8', { ignoreBOM: true }).decode(kind) !== model.kind) {
    throw new RapportError('persist.value', `a kind must be whole characters, got ${JSON.stringify(model.kind)}`)
  }
  if (kind.length > 0xffff) {
    throw new RapportError('persist.value', `a kind must be at most 65,535 bytes long, got ${kind.length}`)
  }
  const writer = new ValueWriter()
  writer.write(model, { at: 'model' })
  const value = writer.taken()
  const bytes = new Uint8Array(layout.kind + kind.length + value.length)
  const view = new DataView(bytes.buffer)
  bytes.set(magic)
  view.setUint16(layout.version, formatVersion, true)
  view.setBigUint64(layout.valueBytes, BigInt(value.length), true)
  view.setUint16(layout.kindBytes, kind.length, true)
  bytes.set(kind, layout.kind)
  bytes.set(value, layout.kind + kind.length)
  view.setUint32(layout.checksum, crc32(bytes, layout.valueBytes), true)
  return bytes
}

/**
 * The value that `saveModel` made bytes of.
 *
 * A file that was cut, changed or made by a later release is refused whole. What a value means is not checked beyond its
 * kind: take files from where you would take code's numbers from.
 *
 * @param kind what must be in there; another kind is refused. Any kind when left out
 * @throws RapportError `persist.format` when the bytes are no saved value, `persist.version`, `persist.truncated`,
 * `persist.damaged`, `persist.kind`
 *
 * Cost: O(bytes); memory is bounded by a fixed multiple of the file's size, whatever the file says.
 */
export function loadModel<Model extends Saveable>(bytes: Uint8Array, kind?: Model['kind']): Model {
  const { kind: named, valueFrom } = checkedHeader(bytes)
  // Subclasses of Uint8Array (Node's Buffer) have a `slice` that does not copy.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (kind !== undefined && named !== kind) {
    throw new RapportError('persist.kind', `the saved value must be a ${kind}, got a ${named}`)
  }
  const reader = new ValueReader(plain, valueFrom)
  const value = reader.read() as Model | undefined
  if (reader.left > 0) throw damaged(`nothing must follow the value, got ${reader.left} bytes`)
  if (value?.kind !== named) throw damaged(`the value's kind must be the header's (${named}), got ${value?.kind}`)
  return value
}

/**
 * The kind of a saved value, without reading the value.
 *
 * @throws RapportError as `loadModel`, but for what only reading the value can find
 */
export const kindOfSaved = (bytes: Uint8Array): string => checkedHeader(bytes).kind

function checkedHeader(bytes: Uint8Array): { readonly kind: string; readonly valueFrom: number } {
  const begin = Math.min(bytes.length, magic.length)
  if (begin === 0 || !magic.subarray(0, begin).every((byte, at) => bytes[at] === byte)) {
    throw new RapportError('persist.format', 'the bytes must begin as a saved value does: this is none')
  }
  if (bytes.length < layout.kind) throw truncated(layout.kind, bytes.length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const version = view.getUint16(layout.version, true)
  if (version < 1 || version > formatVersion) {
    const message = `the saved value's format must be 1 … ${formatVersion}, got ${version}: a later release made it`
    throw new RapportError('persist.version', message)
  }
  const kindBytes = view.getUint16(layout.kindBytes, true)
  const length = layout.kind + kindBytes + Number(view.getBigUint64(layout.valueBytes, true))
  if (bytes.length < length) throw truncated(length, bytes.length)
  if (bytes.length > length) throw damaged(`the saved value must be ${length} bytes long, got ${bytes.length}`)
  const checksum = crc32(bytes, layout.valueBytes)
  if (checksum !== view.getUint32(layout.checksum, true)) {
    throw damaged('the checksum must be that of the bytes: some of them were changed')
  }
  const valueFrom = layout.kind + kindBytes
  const kind = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(layout.kind, valueFrom))
  return { kind, valueFrom }
}

const truncated = (needed: number, got: number): RapportError =>
  new RapportError('persist.truncated', `the saved value must be ${needed} bytes long, got ${got}`)
