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
