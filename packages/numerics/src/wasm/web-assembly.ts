/** The part of the WebAssembly interface used here; neither ES2023's nor Node's types have it. */
interface WebAssemblyInterface {
  readonly Memory: new (descriptor: { initial: number; maximum: number; shared?: boolean }) => WasmMemory
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Instance: new (module: WasmModule, imports: { env: { memory: WasmMemory } }) => { readonly exports: object }
  validate(bytes: Uint8Array): boolean
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer
  grow(pages: number): number
}

/** A compiled module; it can be posted to a worker. */
export type WasmModule = { readonly __module: never }

/** One kernel as an instance exports it: byte offsets and numbers in, a number or nothing out. */
export type KernelFunction = (...values: number[]) => number | undefined

/** `undefined` on a machine without WebAssembly. */
export const webAssembly = (globalThis as { WebAssembly?: WebAssemblyInterface }).WebAssembly

/** The bytes of a module kept as base64. */
export const moduleBytes = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))
