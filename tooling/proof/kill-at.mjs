// Loaded before the command (`node --import`): ends this very process with SIGKILL at the moment named by
// RAPPORT_KILL_AT (`read`, `keys`, `write`, `migrate`, `drain`, `drained`, `commit`, `checkpoint`, `told`; of the
// rewriting of a store `copy`, `detach`, `rename`, `renamed`, `vacuum`), when it has come
// for the RAPPORT_KILL_TIMES-th time, RAPPORT_KILL_AFTER_MS later. The signal comes from a worker, so that a call that
// blocks the main thread is killed in its middle.
import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { Worker } from 'node:worker_threads'
import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

const moment = process.env.RAPPORT_KILL_AT
const flag = new Int32Array(new SharedArrayBuffer(4))
const worker = new Worker(
  `const { workerData } = require('node:worker_threads')
  Atomics.wait(workerData.flag, 0, 0)
  if (workerData.delay > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, workerData.delay)
  process.kill(process.pid, 'SIGKILL')`,
  { eval: true, execArgv: [], workerData: { flag, delay: Number(process.env.RAPPORT_KILL_AFTER_MS ?? 0) } },
)
await new Promise((resolve) => worker.once('online', resolve))
worker.unref()

let times = Number(process.env.RAPPORT_KILL_TIMES ?? 1)
function reached(name) {
  if (name !== moment) return
  times -= 1
  if (times > 0) return
  Atomics.store(flag, 0, 1)
  Atomics.notify(flag, 0)
}

const { run, stream } = DuckDBConnection.prototype
DuckDBConnection.prototype.run = function (sql, ...rest) {
  const running = run.call(this, sql, ...rest)
  if (/read_csv/.test(sql)) reached('read')
  if (/insert into order_lines/.test(sql)) reached('write')
  if (/alter table|create table/.test(sql)) reached('migrate')
  if (/insert into events/.test(sql)) reached('drain')
  if (/update log_cursor/.test(sql)) reached('drained')
  if (sql.trim() === 'commit') reached('commit')
  if (/^copy from database/.test(sql)) reached('copy')
  if (/^detach after/.test(sql)) reached('detach')
  return running
}
DuckDBConnection.prototype.stream = function (sql, ...rest) {
  const running = stream.call(this, sql, ...rest)
  if (/key in \(select line_key from order_lines\)/.test(sql)) reached('keys')
  return running
}

// Closing the store writes what is committed from the log into the file.
const { create } = DuckDBInstance
DuckDBInstance.create = async function (path, ...rest) {
  const instance = await create.call(this, path, ...rest)
  if (path !== ':memory:') {
    const close = instance.closeSync
    instance.closeSync = function () {
      reached('checkpoint')
      return close.call(this)
    }
  }
  return instance
}

const { rename } = promises
promises.rename = async function (from, to) {
  if (String(to).endsWith('warehouse.duckdb')) reached('rename')
  await rename.call(this, from, to)
  if (String(to).endsWith('warehouse.duckdb')) reached('renamed')
}
// Modules that import the function by its name get this one.
syncBuiltinESMExports()

const { create: makeInstance } = DuckDBInstance
let opened = 0
DuckDBInstance.create = async function (path, ...rest) {
  const instance = await makeInstance.call(this, path, ...rest)
  // The second time is after the swap: what follows is the state store.
  if (path !== ':memory:') opened += 1
  if (opened === 2) setTimeout(() => reached('vacuum'), 30)
  return instance
}

const { write } = process.stdout
process.stdout.write = function (...words) {
  const result = write.apply(this, words)
  reached('told')
  // Without this the process could come to its own end first.
  if (moment === 'told') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000)
  return result
}
