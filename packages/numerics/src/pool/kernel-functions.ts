import { privateMemoryKernels, sharedMemoryKernels } from '../wasm/binaries.ts'
import { TwinMemory } from '../wasm/twin.ts'
import { type KernelName, twins } from '../wasm/twins.ts'
import {
  type KernelFunction,
  moduleBytes,
  type WasmMemory,
  type WasmModule,
  webAssembly,
} from '../wasm/web-assembly.ts'
import type { KernelMemory } from './kernel-memory.ts'

/** A kernel's twin over a memory as it is now: to be taken anew after it has grown. */
export function twinOf(kernel: KernelName, memory: KernelMemory): KernelFunction {
  const twin: (memory: TwinMemory, ...values: number[]) => number | undefined = twins[kernel]
  const views = new TwinMemory(memory.buffer)
  return (...values) => twin(views, ...values)
}

/** The kernels over a memory of WebAssembly, to be called on this thread. */
export function instantiate(memory: WasmMemory): Record<string, KernelFunction> {
  const isShared = !(memory.buffer instanceof ArrayBuffer)
  const module = compiled(isShared ? sharedMemoryKernels : privateMemoryKernels)
  return { ...new webAssembly!.Instance(module, { env: { memory } }).exports } as Record<string, KernelFunction>
}

const modules = new Map<string, WasmModule>()

/** The module of one of `binaries.ts`, compiled once. */
export function compiled(base64: string): WasmModule {
  const module = modules.get(base64) ?? new webAssembly!.Module(moduleBytes(base64))
  modules.set(base64, module)
  return module
}

let simd: boolean | undefined
/** Whether kernels run as WebAssembly here. */
export const hasSimd = (): boolean => {
  simd ??= webAssembly?.validate(moduleBytes(privateMemoryKernels)) ?? false
  return simd
}
