const typed = { Float64Array, Float32Array, Int32Array, Uint8Array } as const
type TypedName = keyof typeof typed

interface Packed {
  readonly $typed: TypedName
  readonly base64: string
}

/** A fitted model as JSON: typed arrays as bytes, little-endian, and so to the last bit; numbers that are none as words. */
export const modelJson = (model: unknown): string =>
  JSON.stringify(model, (_, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) }
    const name = (Object.keys(typed) as TypedName[]).find((each) => value instanceof typed[each])
    if (!name) return value
    const { buffer, byteOffset, byteLength } = value as Float64Array
    return { $typed: name, base64: Buffer.from(buffer, byteOffset, byteLength).toString('base64') } satisfies Packed
  })

/** What `modelJson` was given. The caller knows its type by `kind`. */
export const modelOfJson = (json: string): unknown =>
  JSON.parse(json, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value
    if ('$number' in value) return Number(value.$number)
    if (!('$typed' in value)) return value
    const { $typed, base64 } = value as Packed
    const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
    return new typed[$typed](bytes.buffer)
  })
