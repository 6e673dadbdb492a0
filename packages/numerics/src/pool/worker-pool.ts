import { RapportError } from '../error.ts'
import type { WasmMemory, WasmModule } from '../wasm/web-assembly.ts'
import type { HostWorker, PoolHost } from './host.ts'

/** A memory with the module that works on it; each worker opens it when it first gets a job there. */
export interface PoolSession {
  readonly id: number
  readonly module: WasmModule
  readonly memory: WasmMemory
}

interface Job {
  readonly workers: Set<PoolWorker>
  readonly control: Int32Array
  fault: string | undefined
  readonly settle: (failure: RapportError | undefined) => void
}

interface PoolWorker {
  readonly host: HostWorker
  readonly sessions: Set<number>
  jobs: number
}

/** Threads that run kernels over shared memory: started when first needed, reused, never keeping a process alive. */
export class WorkerPool {
  readonly #host: PoolHost
  readonly #workers: PoolWorker[] = []
  readonly #jobs = new Map<number, Job>()
  #nextId = 1
  /** Whether threads hold a memory that was let go of while they had jobs. */
  #isHolding = false

  constructor(host: PoolHost) {
    this.#host = host
  }

  openSession(module: WasmModule, memory: WasmMemory): PoolSession {
    return { id: this.#nextId++, module, memory }
  }

  /**
   * Lets go of a session's memory. A thread that opened it would hold it until its collector happens to run, so the
   * threads end, once no job is under way; new ones start in about 30 ms.
   */
  closeSession(session: PoolSession): void {
    for (const worker of this.#workers) {
      if (!worker.sessions.delete(session.id)) continue
      worker.host.post({ kind: 'close', session: session.id })
      this.#isHolding = true
    }
    this.#stopIfHolding()
  }

  #stopIfHolding(): void {
    if (this.#isHolding && this.#jobs.size === 0) this.stop()
  }

  /**
   * Runs `kernel` once per task on `count` workers and gives what each call returned.
   *
   * @throws RapportError `work.aborted`, `kernels.trap` when a kernel failed, `kernels.worker` when a thread ended
   */
  run(
    session: PoolSession,
    kernel: string,
    tasks: readonly (readonly number[])[],
    count: number,
    signal: AbortSignal | undefined,
  ): Promise<Float64Array> {
    const width = tasks[0]!.length
    const board = new SharedArrayBuffer(16 + 8 * tasks.length * (width + 1))
    const values = new Float64Array(board, 16, tasks.length * width)
    tasks.forEach((task, index) => {
      values.set(task, index * width)
    })
    const control = new Int32Array(board, 0, 2)
    const workers = this.#workersFor(session, Math.min(count, tasks.length))
    const job = this.#nextId++
    return new Promise((resolve, reject) => {
      const stop = (): void => void Atomics.store(control, 1, 1)
      signal?.addEventListener('abort', stop)
      const settle = (failure: RapportError | undefined): void => {
        signal?.removeEventListener('abort', stop)
        if (failure) reject(failure)
        else resolve(new Float64Array(board, 16 + 8 * values.length, tasks.length))
      }
      this.#jobs.set(job, { workers: new Set(workers), control, fault: undefined, settle })
      for (const worker of workers) {
        worker.jobs += 1
        worker.host.hold(true)
        worker.host.post({ kind: 'run', job, session: session.id, kernel, board, tasks: tasks.length, width })
      }
    })
  }

  /** Ends every thread; jobs under way fail, the next job starts threads anew. */
  stop(): void {
    this.#isHolding = false
    for (const worker of [...this.#workers]) {
      this.#lose(worker, new Error('the pool was stopped'))
      worker.host.stop()
    }
  }

  #workersFor(session: PoolSession, count: number): PoolWorker[] {
    while (this.#workers.length < count) this.#workers.push(this.#start())
    const workers = this.#workers.slice(0, count)
    for (const worker of workers) {
      if (worker.sessions.has(session.id)) continue
      worker.sessions.add(session.id)
      worker.host.post({ kind: 'open', session: session.id, module: session.module, memory: session.memory })
    }
    return workers
  }

  #start(): PoolWorker {
    const worker: PoolWorker = {
      host: this.#host.startWorker(
        (message) => this.#finish(worker, message as { job: number; fault?: string }),
        (cause) => this.#lose(worker, cause),
      ),
      sessions: new Set(),
      jobs: 0,
    }
    return worker
  }

  #finish(worker: PoolWorker, message: { job: number; fault?: string }): void {
    const job = this.#jobs.get(message.job)
    if (!job) return
    job.workers.delete(worker)
    job.fault ??= message.fault
    this.#release(worker)
    if (job.workers.size > 0) return
    this.#jobs.delete(message.job)
    this.#stopIfHolding()
    const { fault } = job
    job.settle(
      fault === undefined ? undefined : new RapportError('kernels.trap', `a kernel must not fail, got ${fault}`),
    )
  }

  #release(worker: PoolWorker): void {
    worker.jobs -= 1
    if (worker.jobs === 0) worker.host.hold(false)
  }

  #lose(worker: PoolWorker, cause: unknown): void {
    const place = this.#workers.indexOf(worker)
    if (place < 0) return
    this.#workers.splice(place, 1)
    for (const [id, job] of this.#jobs) {
      if (!job.workers.has(worker)) continue
      // Its other workers stop at the next task; what they send is for a job that is no longer listed.
      Atomics.store(job.control, 1, 1)
      for (const other of job.workers) if (other !== worker) this.#release(other)
      this.#jobs.delete(id)
      job.settle(
        new RapportError('kernels.worker', 'a worker thread must live until its task is done, it ended', { cause }),
      )
    }
  }
}
