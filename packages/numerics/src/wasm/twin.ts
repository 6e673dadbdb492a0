/** A kernel's memory as its TypeScript twin sees it: the same bytes under each type. */
export class TwinMemory {
  readonly float64: Float64Array
  readonly float32: Float32Array
  readonly int32: Int32Array
  readonly bytes: Uint8Array

  constructor(buffer: ArrayBuffer | SharedArrayBuffer) {
    this.float64 = new Float64Array(buffer)
    this.float32 = new Float32Array(buffer)
    this.int32 = new Int32Array(buffer)
    this.bytes = new Uint8Array(buffer)
  }
}

/**
 * The TypeScript twin of a kernel: the same arguments (pointers are byte offsets), the same lane order, the same bits.
 * It runs where WebAssembly SIMD is missing, and beside the kernel in tests.
 */
export type Twin = (memory: TwinMemory, ...values: number[]) => number | undefined
