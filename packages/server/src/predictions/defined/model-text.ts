import { RapportError } from '../../base/index.ts'

const kinds = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
} as const
type Typed = InstanceType<(typeof kinds)[keyof typeof kinds]>

/** A number that JSON does not know. */
const strange: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
}

/**
 * A fitted value as text, bit for bit: typed arrays by their bytes, little-endian, and the numbers that JSON lacks.
 *
 * @example
 * modelOfText(modelText({ kind: 'share', share: Number.NaN })) // { kind: 'share', share: NaN }
 */
export const modelText = (model: object): string =>
  JSON.stringify(model, (_, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) }
    if (!ArrayBuffer.isView(value)) return value
    const { buffer, byteOffset, byteLength } = value
    return { $typed: value.constructor.name, bytes: Buffer.from(buffer, byteOffset, byteLength).toString('base64') }
  })

/** @throws RapportError `predictions.model` for text that is none of `modelText` */
export const modelOfText = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value
    if ('$number' in value) return strange[String(value.$number)]
    return '$typed' in value && 'bytes' in value ? typed(String(value.$typed), String(value.bytes)) : value
  })

function typed(name: string, base64: string): Typed {
  const kind = Object.hasOwn(kinds, name) ? kinds[name as keyof typeof kinds] : undefined
  if (!kind) throw new RapportError('predictions.model', `a model must hold arrays of a known kind, got ${name}`)
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
  return new kind(bytes.buffer)
}
