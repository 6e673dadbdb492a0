import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { PoolHost } from './host.ts'

// Kept as text and not as a file, so that it starts alike from TypeScript source, from `dist` and from a bundle.
// Workers take tasks off one counter; every task writes to its own place, so it does not matter who does which.
const script = `
const { parentPort } = require('node:worker_threads')
const sessions = new Map()
const open = ({ session, module, memory }) =>
  sessions.set(session, new WebAssembly.Instance(module, { env: { memory } }).exports)
function run({ session, kernel, board, tasks, width }) {
  const control = new Int32Array(board, 0, 2)
  const values = new Float64Array(board, 16, tasks * width)
  const results = new Float64Array(board, 16 + 8 * tasks * width, tasks)
  const call = sessions.get(session)[kernel]
  while (Atomics.load(control, 1) === 0) {
    const task = Atomics.add(control, 0, 1)
    if (task >= tasks) return
    results[task] = call(...values.subarray(task * width, (task + 1) * width)) ?? 0
  }
}
parentPort.on('message', (message) => {
  if (message.kind === 'open') return open(message)
  if (message.kind === 'close') return sessions.delete(message.session)
  let fault
  try {
    run(message)
  } catch (error) {
    fault = String(error)
    Atomics.store(new Int32Array(message.board, 0, 2), 1, 1)
  }
  parentPort.postMessage({ job: message.job, fault })
})
`

/** Threads of Node: one per core, at most eight, since the kernels share one memory bus. */
export const poolHost: PoolHost = {
  workersDefault: Math.min(8, availableParallelism()),
  startWorker(onMessage, onEnd) {
    // Neither the parent's flags nor its environment: a loader meant for the program would only slow the start.
    const worker = new Worker(script, { eval: true, execArgv: [], env: {}, name: 'rapport-kernels' })
    worker.on('message', onMessage)
    worker.on('error', onEnd)
    worker.on('exit', (code) => onEnd(new Error(`the worker ended with code ${code}`)))
    worker.unref()
    return {
      post: (message) => worker.postMessage(message),
      hold: (isHeld) => (isHeld ? worker.ref() : worker.unref()),
      stop: () => void worker.terminate(),
    }
  },
  nextTurn: () => new Promise((resolve) => setImmediate(resolve)),
}
