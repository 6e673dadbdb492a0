import { RapportError } from '../error.ts'
import { type KernelMemory, pageBytes } from './kernel-memory.ts'

/** A typed piece of an arena. */
export interface Span<A> {
  /** Byte offset, 16-byte aligned: what kernels take. */
  readonly at: number
  /** Number of elements. */
  readonly length: number
  /** A view of it as it is now. Take it anew after another allocation: memory that grew leaves old views behind. */
  readonly view: A
}

type ViewMaker<A> = { readonly BYTES_PER_ELEMENT: number; new (buffer: ArrayBufferLike, at: number, n: number): A }

/**
 * The memory of one fit. What kernels work on is allocated here; everything goes at once when the fit is over.
 *
 * Allocations are zero, 16-byte aligned and only ever added at the end, so `mark` and `release` give back all that
 * came after a moment: scratch of one stage does not outlive it.
 */
export class Arena {
  readonly #memory: KernelMemory
  readonly #bytesMax: number
  // The first page is the modules' own.
  #end = pageBytes
  #dirtyEnd: number

  /** @param isUsed whether the memory served another arena before and has to be zeroed */
  constructor(memory: KernelMemory, bytesMax: number, isUsed = false) {
    this.#memory = memory
    this.#bytesMax = bytesMax
    this.#dirtyEnd = isUsed ? memory.buffer.byteLength : pageBytes
  }

  float64(length: number): Span<Float64Array> {
    return this.#allocate(Float64Array, length)
  }

  float32(length: number): Span<Float32Array> {
    return this.#allocate(Float32Array, length)
  }

  int32(length: number): Span<Int32Array> {
    return this.#allocate(Int32Array, length)
  }

  uint8(length: number): Span<Uint8Array> {
    return this.#allocate(Uint8Array, length)
  }

  /** Where the next allocation goes: hand it to `release` later. */
  mark(): number {
    return this.#end
  }

  /** Gives back everything allocated since `mark()` returned `end`. */
  release(end: number): void {
    this.#end = end
  }

  #allocate<A extends { fill(value: number): unknown }>(Maker: ViewMaker<A>, length: number): Span<A> {
    const at = this.#end
    const end = at + Math.ceil((length * Maker.BYTES_PER_ELEMENT) / 16) * 16
    if (end > this.#bytesMax) {
      const mebibytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20)
      throw new RapportError(
        'kernels.memory',
        `a computation must fit into ${mebibytes(this.#bytesMax)} MiB, it asked for ${mebibytes(end)} MiB`,
      )
    }
    this.#memory.reserve(end)
    this.#end = end
    const memory = this.#memory
    const span = {
      at,
      length,
      get view() {
        return new Maker(memory.buffer, at, length)
      },
    }
    // Fresh memory is zero; what a release gave back is not.
    if (at < this.#dirtyEnd) span.view.fill(0)
    this.#dirtyEnd = Math.max(this.#dirtyEnd, end)
    return span
  }
}
