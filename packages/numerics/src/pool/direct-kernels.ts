import type { KernelName } from '../wasm/twins.ts'
import type { KernelFunction } from '../wasm/web-assembly.ts'
import { Arena } from './arena.ts'
import { hasSimd, instantiate, twinOf } from './kernel-functions.ts'
import { plainMemory, wasmMemory } from './kernel-memory.ts'

export interface DirectKernelOptions {
  /** `typescript` calls the kernels' twins. Default `wasm` where SIMD is there. */
  readonly engine?: 'wasm' | 'typescript'
  /** Bytes that the arena may hold. Default 2 GiB. */
  readonly bytesMax?: number
}

/** Kernels that are called like functions, over an arena of their own. */
export interface DirectKernels {
  readonly arena: Arena
  /** All bytes of the arena's memory, by the offsets that spans tell. Take it anew after an allocation. */
  readonly buffer: ArrayBufferLike
  /** The kernel itself: byte offsets and numbers in, a number or nothing out. Take it anew after an allocation. */
  kernel(name: KernelName): KernelFunction
}

/**
 * Kernels for what is too short to wait for: on the calling thread, without a turn for anybody else, over memory that
 * lives as long as the result is held. All that takes more than some milliseconds belongs into `withKernels`.
 *
 * @example
 * const { arena, kernel } = directKernels()
 * const a = arena.float64(2)
 * const b = arena.float64(2)
 * a.view.set([3, 4])
 * kernel('squaredDistance')(a.at, b.at, 2) // 25
 */
export function directKernels({ engine, bytesMax = 2 ** 31 }: DirectKernelOptions = {}): DirectKernels {
  const isWasm = engine !== 'typescript' && hasSimd()
  const memory = isWasm ? wasmMemory(false) : plainMemory()
  const exports = memory.wasm && instantiate(memory.wasm)
  return {
    arena: new Arena(memory, bytesMax),
    get buffer() {
      return memory.buffer
    },
    kernel: (name) => exports?.[name] ?? twinOf(name, memory),
  }
}

let kept: DirectKernels | undefined
let isLent = false
/** A larger memory is let go of. */
const keptBytesMax = 2 ** 26

/**
 * Lends `use` direct kernels, and takes back all that it allocated. Their memory is kept for the next call, so that a
 * short computation does not pay for one of its own.
 */
export function borrowKernels<T>(use: (kernels: DirectKernels) => T): T {
  // Whoever borrows inside another's turn gets a memory of its own: growing the other's would take its views away.
  if (isLent) return use(directKernels())
  kept ??= directKernels()
  isLent = true
  const mark = kept.arena.mark()
  try {
    return use(kept)
  } finally {
    isLent = false
    kept.arena.release(mark)
    if (kept.buffer.byteLength > keptBytesMax) kept = undefined
  }
}
