import { RapportError } from '@rapport/numerics'
import { arrayTypes, depthMax, tags, toFileOrder } from './format.ts'

/** Writes one value after the other into bytes that grow. */
export class ValueWriter {
  #bytes = new Uint8Array(1024)
  #view = new DataView(this.#bytes.buffer)
  #at = 0

  /** Everything written so far. */
  taken(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }

  /**
   * @param path where the value lies in the whole, for the message
   * @throws RapportError `persist.value`
   */
  write(value: unknown, path: Path, depth = 0): void {
    if (depth > depthMax) throw refusal(path, `values must be nested at most ${depthMax} deep`)
    if (value === undefined) this.#byte(tags.undefined)
    else if (value === null) this.#byte(tags.null)
    else if (typeof value === 'boolean') this.#byte(value ? tags.true : tags.false)
    else if (typeof value === 'number') this.#number(value)
    else if (typeof value === 'string') this.#string(value)
    else if (Array.isArray(value)) this.#array(value, path, depth)
    else if (ArrayBuffer.isView(value)) this.#typedArray(value, path)
    else if (value instanceof Map) this.#map(value, path, depth)
    else if (value instanceof Set) this.#set(value, path, depth)
    else if (typeof value === 'object') this.#object(value, path, depth)
    else throw refusal(path, `a saved value must be plain data, got a ${typeof value}`)
  }

  #map(value: ReadonlyMap<unknown, unknown>, path: Path, depth: number): void {
    this.#byte(tags.map)
    this.#count(value.size)
    let at = 0
    for (const [key, held] of value) {
      this.write(key, { in: path, at: `.key(${at})` }, depth + 1)
      this.write(held, { in: path, at: `.value(${at})` }, depth + 1)
      at += 1
    }
  }

  #set(value: ReadonlySet<unknown>, path: Path, depth: number): void {
    this.#byte(tags.set)
    this.#count(value.size)
    let at = 0
    for (const held of value) this.write(held, { in: path, at: at++ }, depth + 1)
  }

  #array(value: readonly unknown[], path: Path, depth: number): void {
    if (Object.keys(value).length !== value.length) {
      throw refusal(path, 'an array must hold a value at every place and nothing beside them')
    }
    this.#byte(tags.array)
    this.#count(value.length)
    value.forEach((held, at) => {
      this.write(held, { in: path, at }, depth + 1)
    })
  }

  #object(value: object, path: Path, depth: number): void {
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      throw refusal(path, `a saved value must be plain data, got an instance of ${value.constructor?.name}`)
    }
    if (Object.getOwnPropertySymbols(value).length > 0) throw refusal(path, 'keys must be text, got a symbol')
    const entries = Object.entries(value)
    this.#byte(tags.object)
    this.#count(entries.length)
    for (const [key, held] of entries) {
      if (key === '__proto__')
        throw refusal(path, 'a key must not be __proto__: use a Map for keys that come from data')
      this.#string(key)
      this.write(held, { in: path, at: `.${key}` }, depth + 1)
    }
  }

  #typedArray(value: ArrayBufferView, path: Path): void {
    const name = Object.prototype.toString.call(value).slice(8, -1)
    const type = arrayTypes.findIndex((known) => known.name === name)
    if (type < 0) throw refusal(path, `a saved array must be of numbers, got a ${name}`)
    const width = arrayTypes[type]!.BYTES_PER_ELEMENT
    this.#byte(tags.firstArrayType + type)
    this.#count(value.byteLength / width)
    const to = this.#room(value.byteLength)
    this.#bytes.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), to)
    toFileOrder(this.#bytes.subarray(to, to + value.byteLength), width)
  }

  #number(value: number): void {
    this.#byte(tags.number)
    const at = this.#room(8)
    this.#view.setFloat64(at, value, true)
  }

  #string(value: string): void {
    // With the flag u this finds halves of surrogate pairs only; UTF-8 has no place for them.
    if (/\p{Surrogate}/u.test(value)) {
      this.#byte(tags.units)
      this.#count(value.length)
      const at = this.#room(value.length * 2)
      for (let unit = 0; unit < value.length; unit += 1) {
        this.#view.setUint16(at + unit * 2, value.charCodeAt(unit), true)
      }
      return
    }
    const encoded = encoder.encode(value)
    this.#byte(tags.string)
    this.#count(encoded.length)
    const at = this.#room(encoded.length)
    this.#bytes.set(encoded, at)
  }

  /** Seven bits a byte, the lowest first; the eighth says that more follow. */
  #count(count: number): void {
    let left = count
    while (left > 127) {
      this.#byte((left % 128) + 128)
      left = Math.floor(left / 128)
    }
    this.#byte(left)
  }

  #byte(byte: number): void {
    const at = this.#room(1)
    this.#bytes[at] = byte
  }

  #room(bytes: number): number {
    const at = this.#at
    this.#at += bytes
    if (this.#at > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#at, 2 * this.#bytes.length))
      larger.set(this.#bytes)
      this.#bytes = larger
      this.#view = new DataView(larger.buffer)
    }
    return at
  }
}

const encoder = new TextEncoder()

/** Where a value lies in the whole; words are made of it only when something is refused. */
interface Path {
  readonly in?: Path
  readonly at: string | number
}

function refusal(path: Path, message: string): RapportError {
  let words = ''
  for (let step: Path | undefined = path; step !== undefined; step = step.in) {
    words = `${typeof step.at === 'number' ? `[${step.at}]` : step.at}${words}`
  }
  return new RapportError('persist.value', `${message} at ${words}`)
}
