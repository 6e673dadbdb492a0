import { poolHost } from '#pool-host'
import { RapportError } from '../error.ts'
import { sharedMemoryKernels } from '../wasm/binaries.ts'
import type { KernelName } from '../wasm/twins.ts'
import type { KernelFunction } from '../wasm/web-assembly.ts'
import { stopIfAborted, type Work } from '../work/work.ts'
import { Arena } from './arena.ts'
import { compiled, hasSimd, instantiate, twinOf } from './kernel-functions.ts'
import { type KernelMemory, plainMemory, wasmMemory } from './kernel-memory.ts'
import { type PoolSession, WorkerPool } from './worker-pool.ts'

export interface KernelOptions {
  /**
   * Threads to spread blocks over, 0 … 64; 0 computes on the calling thread. Never changes a result. Default: one per
   * core, at most 8; 0 where there is no shared memory.
   */
  readonly workers?: number
  /** `typescript` runs the kernels' twins on the calling thread. Default `wasm` where SIMD is there. */
  readonly engine?: 'wasm' | 'typescript'
  /** Bytes that one computation may hold in its arena. Default 2 GiB. */
  readonly bytesMax?: number
}

/** Kernels over one arena, for the length of one computation. */
export interface Kernels {
  readonly arena: Arena
  /**
   * Runs the kernel once for each task, a list of its arguments, and gives what the calls returned (0 for none).
   *
   * Tasks must be independent: each writes where no other reads or writes. Cut the work into blocks by the size of the
   * data, never by the number of workers, and join their results in order: then nobody can tell how many there were.
   * A single task runs on the calling thread, so keep tasks under 10 ms.
   */
  run(kernel: KernelName, tasks: readonly (readonly number[])[]): Promise<Float64Array>
}

/**
 * Lends `use` an arena and the kernels, and takes both back when it is done, whatever the outcome.
 *
 * @throws RapportError `kernels.workers` for a number of workers outside 0 … 64, `kernels.memory` when the arena would
 * outgrow `bytesMax`, `kernels.trap` or `kernels.worker` when a kernel or thread failed, `work.aborted`
 *
 * @example
 * await withKernels({}, undefined, async ({ arena, run }) => {
 *   const a = arena.float64(2)
 *   const b = arena.float64(2)
 *   b.view.set([3, 4])
 *   return (await run('squaredDistance', [[a.at, b.at, 2]]))[0]
 * }) // 25
 */
export async function withKernels<T>(
  options: KernelOptions,
  work: Work | undefined,
  use: (kernels: Kernels) => Promise<T>,
): Promise<T> {
  const workers = checkWorkers(options)
  const bytesMax = options.bytesMax ?? 2 ** 31
  if (options.engine === 'typescript' || !hasSimd()) {
    const memory = plainMemory()
    return use(onThisThread(memory, new Arena(memory, bytesMax), work))
  }
  if (workers === 0 || !canShare()) {
    const memory = wasmMemory(false)
    return use(onThisThread(memory, new Arena(memory, bytesMax), work))
  }
  const lent = idle.pop() ?? newMemory()
  const here = onThisThread(lent.memory, new Arena(lent.memory, bytesMax, lent.isUsed), work)
  let isSound = false
  try {
    const result = await use({
      arena: here.arena,
      async run(kernel, tasks) {
        if (tasks.length < 2) return here.run(kernel, tasks)
        stopIfAborted(work)
        const results = await pool.run(lent.session, kernel, tasks, workers, work?.signal)
        stopIfAborted(work)
        return results
      },
    })
    isSound = true
    return result
  } finally {
    // After a failure a thread may still be writing into it.
    takeBack(lent, isSound)
  }
}

/** A memory and the session in which the workers know it. */
interface LentMemory {
  readonly memory: KernelMemory
  readonly session: PoolSession
  readonly isUsed: boolean
}

// A thread frees a memory only when its own collector runs, which in an idle thread is never, and the collector does
// not count shared memory. So memories are lent again and again (300 fits of 32 MiB each would otherwise hold 10 GB),
// and one too large to keep takes the threads that know it along.
const idle: LentMemory[] = []
const idleMax = 2
const idleBytesMax = 128 * 2 ** 20

function newMemory(): LentMemory {
  const memory = wasmMemory(true)
  return { memory, session: pool.openSession(compiled(sharedMemoryKernels), memory.wasm!), isUsed: false }
}

function takeBack(lent: LentMemory, isSound: boolean): void {
  const bytes = lent.memory.buffer.byteLength
  if (isSound && bytes <= idleBytesMax && idle.length < idleMax) idle.push({ ...lent, isUsed: true })
  else pool.closeSession(lent.session)
}

const pool = new WorkerPool(poolHost)

function onThisThread(memory: KernelMemory, arena: Arena, work: Work | undefined): Kernels {
  let exports: Record<string, KernelFunction> | undefined
  let sinceTurn = 0
  return {
    arena,
    async run(kernel, tasks) {
      const results = new Float64Array(tasks.length)
      exports ??= memory.wasm && instantiate(memory.wasm)
      const call = exports?.[kernel] ?? twinOf(kernel, memory)
      for (let task = 0; task < tasks.length; task += 1) {
        stopIfAborted(work)
        sinceTurn += 1
        if (sinceTurn % tasksPerTurn === 0) await poolHost.nextTurn()
        results[task] = callOrExplain(call, tasks[task]!)
      }
      stopIfAborted(work)
      return results
    },
  }
}

const tasksPerTurn = 8

function callOrExplain(call: KernelFunction, values: readonly number[]): number {
  try {
    return call(...values) ?? 0
  } catch (cause) {
    throw new RapportError('kernels.trap', `a kernel must not fail, got ${cause}`, { cause })
  }
}

const canShare = (): boolean => typeof SharedArrayBuffer === 'function' && poolHost.workersDefault > 0

function checkWorkers({ workers = poolHost.workersDefault }: KernelOptions): number {
  if (!Number.isInteger(workers) || workers < 0 || workers > 64) {
    throw new RapportError('kernels.workers', `workers must be a whole number from 0 to 64, got ${workers}`)
  }
  return workers
}
