// How many events a second the server takes in: batches over loopback from a load generator beside it, every one on disk
// when it is acknowledged.
//
//     node benchmarks/ingest.mjs [--seconds 10] [--connections 20] [--batch 100]     after a build
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '20' },
    batch: { type: 'string', default: '100' },
    generate: { type: 'string' },
  },
})
const [seconds, connections, size] = [options.seconds, options.connections, options.batch].map(Number)

if (options.generate) await generate(JSON.parse(options.generate))
else await measure()

/** Sends batches one after another on each connection, and prints how long each took to be acknowledged. */
async function generate({ url, writeKey }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const until = performance.now() + seconds * 1000
  const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
  const taken = []
  let sent = 0
  const send = (path, body) =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', authorization, 'content-length': Buffer.byteLength(body) }
      const call = request(url + path, { method: 'POST', agent, headers }, (answer) => {
        answer.resume()
        answer.once('end', () => resolve(answer.statusCode))
      })
      call.once('error', reject)
      call.end(body)
    })
  const one = (timestamp) => {
    sent += 1
    return `{"type":"track","event":"Product Viewed","messageId":"load-${process.pid}-${sent}","userId":"u${sent % 50000}","anonymousId":"a${sent % 50000}","timestamp":"${timestamp}","properties":{"product_id":"p${sent % 4000}","price":12.5,"currency":"EUR","name":"A product with a name","category":"Women > Dresses"},"context":{"library":{"name":"load","version":"1"},"page":{"url":"https://shop.example/p/${sent % 4000}","referrer":""},"userAgent":"Mozilla/5.0 (X11; Linux x86_64)","sessionId":"s${sent % 70000}"}}`
  }
  const statuses = {}
  const loop = async () => {
    while (performance.now() < until) {
      const now = new Date().toISOString()
      const events = Array.from({ length: size }, () => one(now))
      const body = size === 1 ? events[0] : `{"batch":[${events.join(',')}],"sentAt":"${now}"}`
      const started = performance.now()
      const status = await send(size === 1 ? '/v1/track' : '/v1/batch', body)
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status === 200) taken.push(performance.now() - started)
      else await new Promise((wait) => setTimeout(wait, 50))
    }
  }
  await Promise.all(Array.from({ length: connections }, loop))
  taken.sort((a, b) => a - b)
  const at = (share) => taken[Math.min(taken.length - 1, Math.floor(share * taken.length))]
  process.send({ requests: taken.length, p50: at(0.5), p99: at(0.99), most: taken.at(-1), statuses })
  agent.destroy()
}

async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-ingest-'))
  const room = (path) => import(new URL(`../packages/server/dist/${path}.js`, import.meta.url))
  const [{ openWarehouse }, { serveStore }] = [await room('warehouse/index'), await room('serve-store')]
  const warehouse = await openWarehouse(folder)
  const serving = await serveStore(warehouse, {
    host: '127.0.0.1',
    port: 0,
    report: join(folder, 'r'),
    tell: console.error,
  })
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const busy = process.cpuUsage()
  const started = performance.now()
  const found = await new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [
      ...['--seconds', String(seconds), '--connections', String(connections), '--batch', String(size)],
      ...['--generate', JSON.stringify(serving)],
    ])
    child.once('message', resolve)
    child.once('error', reject)
  })
  const took = (performance.now() - started) / 1000
  const used = process.cpuUsage(busy)
  const events = found.requests * size
  const [{ n }] = await warehouse.rows('select count(*) as n from events')
  const ms = (value) => `${value.toFixed(1)} ms`
  console.log(
    `${Math.round(events / seconds).toLocaleString('en')} events/s in batches of ${size} on ${connections} connections`,
  )
  console.log(`acknowledged after ${ms(found.p50)} (median), ${ms(found.p99)} (p99), ${ms(found.most)} (longest)`)
  console.log(`answers ${JSON.stringify(found.statuses)}; ${events} acknowledged, ${n} in the log`)
  console.log(`event loop held for ${ms(delay.percentile(99) / 1e6)} (p99), ${ms(delay.max / 1e6)} (longest)`)
  console.log(
    `processor ${((used.user + used.system) / 1e6).toFixed(1)} s of ${took.toFixed(1)} s, ${Math.round(process.resourceUsage().maxRSS / 1024)} MB at most`,
  )
  await serving.stop()
  await warehouse.close()
  rmSync(folder, { recursive: true, force: true })
}
