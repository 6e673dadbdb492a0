import { RapportError } from '../error.ts'
import { type WasmMemory, webAssembly } from '../wasm/web-assembly.ts'

export const pageBytes = 65536

/** Memory that kernels read and write: WebAssembly's, or a plain buffer for the twins. Fresh memory is zero. */
export interface KernelMemory {
  readonly wasm: WasmMemory | undefined
  readonly buffer: ArrayBuffer | SharedArrayBuffer
  /** Makes the buffer at least `bytes` long; views of a private memory's old buffer are lost. */
  reserve(bytes: number): void
}

/** WebAssembly memory, up to the 4 GiB that 32-bit offsets reach, shared between threads or private to this one. */
export function wasmMemory(isShared: boolean): KernelMemory {
  const memory = new webAssembly!.Memory({ initial: 16, maximum: 65536, shared: isShared })
  return {
    wasm: memory,
    get buffer() {
      return memory.buffer
    },
    reserve(bytes) {
      const missing = bytes - memory.buffer.byteLength
      if (missing > 0) orRefuse(bytes, () => memory.grow(Math.ceil(missing / pageBytes)))
    },
  }
}

/** A plain buffer that grows by copying, for the twins. */
export function plainMemory(): KernelMemory {
  let buffer = new ArrayBuffer(16 * pageBytes)
  return {
    wasm: undefined,
    get buffer() {
      return buffer
    },
    reserve(bytes) {
      if (bytes <= buffer.byteLength) return
      const size = Math.ceil(Math.max(bytes, 1.5 * buffer.byteLength) / pageBytes) * pageBytes
      const larger = orRefuse(bytes, () => new ArrayBuffer(size))
      new Uint8Array(larger).set(new Uint8Array(buffer))
      buffer = larger
    },
  }
}

function orRefuse<T>(bytes: number, grow: () => T): T {
  try {
    return grow()
  } catch (cause) {
    throw new RapportError(
      'kernels.memory',
      `the machine must have ${Math.ceil(bytes / 2 ** 20)} MiB to lend to a computation, and it refused`,
      { cause },
    )
  }
}
