import { expect, test } from 'vitest'
import { sharedMemoryKernels } from '../wasm/binaries.ts'
import { moduleBytes, webAssembly } from '../wasm/web-assembly.ts'
import { wasmMemory } from './kernel-memory.ts'
import { poolHost } from './node.ts'
import { WorkerPool } from './worker-pool.ts'

test('a thread that ends is an error of the job it had; the next job gets new threads', async () => {
  const stops: (() => void)[] = []
  const pool = new WorkerPool({
    ...poolHost,
    startWorker(onMessage, onEnd) {
      const worker = poolHost.startWorker(onMessage, onEnd)
      stops.push(worker.stop)
      return worker
    },
  })
  const memory = wasmMemory(true)
  memory.reserve(2 ** 26)
  const session = pool.openSession(new webAssembly!.Module(moduleBytes(sharedMemoryKernels)), memory.wasm!)
  const long = Array.from({ length: 2000 }, () => [65536, 65536, 4_000_000])
  const running = pool.run(session, 'squaredDistance', long, 2, undefined)
  setTimeout(() => stops[1]!(), 50)
  await expect(running).rejects.toMatchObject({ code: 'kernels.worker' })

  const short = await pool.run(
    session,
    'squaredDistance',
    [
      [65536, 65536, 4],
      [65536, 65552, 2],
    ],
    2,
    undefined,
  )
  expect([...short]).toEqual([0, 0])
  expect(stops).toHaveLength(3)
  pool.stop()
})

test('threads that hold a memory let go of during a job end with it, and the next job gets new ones', async () => {
  let stopped = 0
  const pool = new WorkerPool({
    ...poolHost,
    startWorker(onMessage, onEnd) {
      const worker = poolHost.startWorker(onMessage, onEnd)
      const stop = (): void => {
        stopped += 1
        worker.stop()
      }
      return { ...worker, stop }
    },
  })
  const open = () => {
    const memory = wasmMemory(true)
    memory.reserve(2 ** 20)
    return pool.openSession(new webAssembly!.Module(moduleBytes(sharedMemoryKernels)), memory.wasm!)
  }
  const [kept, closed] = [open(), open()]
  const tasks = [1, 2].map(() => [65536, 65552, 4])
  await pool.run(closed, 'squaredDistance', tasks, 2, undefined)
  const running = pool.run(kept, 'squaredDistance', tasks, 2, undefined)
  pool.closeSession(closed)
  expect(stopped).toBe(0)
  expect([...(await running)]).toEqual([0, 0])
  expect(stopped).toBe(2)
  expect([...(await pool.run(kept, 'squaredDistance', tasks, 2, undefined))]).toEqual([0, 0])
  pool.stop()
})
