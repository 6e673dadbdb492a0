/**
 * One message of the protocol buffers' wire format, field after field. Only what ONNX needs: ONNX's own file definition
 * says which number a field has (onnx/onnx.proto).
 */
export class Message {
  readonly #parts: Uint8Array[] = []

  /** A whole number ≥ −2⁵³. */
  int(field: number, value: number): this {
    return this.#add(tag(field, 0), varint(value))
  }

  text(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value))
  }

  float(field: number, value: number): this {
    return this.#add(tag(field, 5), littleEndian(Float32Array.of(value)))
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#add(tag(field, 2), varint(value.length), value)
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.encoded())
  }

  /** Many floats as one block. */
  floats(field: number, values: Float32Array): this {
    return this.bytes(field, littleEndian(values))
  }

  /** Many whole numbers as one block. */
  ints(field: number, values: readonly number[]): this {
    return this.bytes(field, joined(values.map(varint)))
  }

  encoded(): Uint8Array {
    return joined(this.#parts)
  }

  #add(...parts: Uint8Array[]): this {
    this.#parts.push(...parts)
    return this
  }
}

const encoder = new TextEncoder()

const tag = (field: number, wireType: number): Uint8Array => varint(field * 8 + wireType)

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let left = BigInt.asUintN(64, BigInt(value))
  while (left > 127n) {
    bytes.push(Number(left & 127n) | 128)
    left >>= 7n
  }
  bytes.push(Number(left))
  return Uint8Array.from(bytes)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** The bytes of floating numbers in the file's order, whatever this machine's. */
export function littleEndian(values: Float32Array | Float64Array): Uint8Array {
  const bytes = new Uint8Array(values.byteLength)
  const view = new DataView(bytes.buffer)
  const width = values.BYTES_PER_ELEMENT
  values.forEach((value, at) => {
    if (width === 4) view.setFloat32(at * 4, value, true)
    else view.setFloat64(at * 8, value, true)
  })
  return bytes
}
