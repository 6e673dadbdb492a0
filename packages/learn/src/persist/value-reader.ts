import { arrayTypes, damaged, depthMax, type TypedArray, tags, toFileOrder } from './format.ts'

/**
 * Reads values back, believing nothing: a count is compared with the bytes that are left before anything is made of it,
 * so a file takes memory in proportion to its own size, whatever it says.
 */
export class ValueReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at: number

  constructor(bytes: Uint8Array, from: number) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#at = from
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#bytes.length - this.#at
  }

  /** @throws RapportError `persist.damaged` */
  read(depth = 0): unknown {
    if (depth > depthMax) throw damaged(`values must be nested at most ${depthMax} deep, got more at byte ${this.#at}`)
    const tag = this.#byte()
    switch (tag) {
      case tags.undefined:
        return undefined
      case tags.null:
        return null
      case tags.false:
        return false
      case tags.true:
        return true
      case tags.number:
        return this.#view.getFloat64(this.#take(8), true)
      case tags.string:
        return this.#string()
      case tags.units:
        return this.#units()
      case tags.array:
        return this.#many(1, () => this.read(depth + 1))
      case tags.object:
        return this.#object(depth)
      case tags.map:
        return this.#map(depth)
      case tags.set:
        return this.#set(depth)
      default:
        return this.#typedArray(tag)
    }
  }

  #object(depth: number): object {
    const object: Record<string, unknown> = {}
    for (let left = this.#count(2); left > 0; left -= 1) {
      const key = this.#key()
      if (key === '__proto__' || Object.hasOwn(object, key)) {
        throw damaged(`a key must stand once and not be __proto__, got ${JSON.stringify(key)} before byte ${this.#at}`)
      }
      object[key] = this.read(depth + 1)
    }
    return object
  }

  #key(): string {
    const tag = this.#byte()
    if (tag === tags.string) return this.#string()
    if (tag === tags.units) return this.#units()
    throw damaged(`a key must be text, got a value of type ${tag} at byte ${this.#at - 1}`)
  }

  #map(depth: number): Map<unknown, unknown> {
    const entries = this.#many(2, () => [this.read(depth + 1), this.read(depth + 1)] as const)
    const map = new Map(entries)
    if (map.size !== entries.length) throw damaged(`a map's keys must differ, got equal ones before byte ${this.#at}`)
    return map
  }

  #set(depth: number): Set<unknown> {
    const members = this.#many(1, () => this.read(depth + 1))
    const set = new Set(members)
    if (set.size !== members.length)
      throw damaged(`a set's members must differ, got equal ones before byte ${this.#at}`)
    return set
  }

  #many<T>(bytesMin: number, readOne: () => T): T[] {
    const values: T[] = []
    for (let left = this.#count(bytesMin); left > 0; left -= 1) values.push(readOne())
    return values
  }

  #typedArray(tag: number): TypedArray {
    const type = arrayTypes[tag - tags.firstArrayType]
    if (type === undefined) throw damaged(`a value must be of a known type, got type ${tag} at byte ${this.#at - 1}`)
    const width = type.BYTES_PER_ELEMENT
    const bytes = this.#count(width) * width
    const from = this.#take(bytes)
    const copy = this.#bytes.slice(from, from + bytes)
    toFileOrder(copy, width)
    return new type(copy.buffer as ArrayBuffer)
  }

  #string(): string {
    const bytes = this.#count(1)
    const from = this.#take(bytes)
    try {
      return decoder.decode(this.#bytes.subarray(from, from + bytes))
    } catch {
      throw damaged(`text must be UTF-8, got other bytes at byte ${from}`)
    }
  }

  #units(): string {
    const units = this.#count(2)
    const from = this.#take(2 * units)
    let text = ''
    for (let unit = 0; unit < units; unit += 1) text += String.fromCharCode(this.#view.getUint16(from + 2 * unit, true))
    return text
  }

  /** A count of things that take at least `bytesEach` bytes in the file. */
  #count(bytesEach: number): number {
    const from = this.#at
    let count = 0
    let scale = 1
    let byte: number
    do {
      byte = this.#byte()
      count += (byte % 128) * scale
      scale *= 128
    } while (byte > 127 && scale < 2 ** 49)
    if (byte > 127 || count * bytesEach > this.left) {
      throw damaged(`a count must fit into the ${this.left} bytes left, got ${count} × ${bytesEach} at byte ${from}`)
    }
    return count
  }

  #byte(): number {
    return this.#bytes[this.#take(1)]!
  }

  #take(bytes: number): number {
    const from = this.#at
    if (bytes > this.left) throw damaged(`${bytes} more bytes must follow byte ${from}, got ${this.left}`)
    this.#at += bytes
    return from
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
