// A load generator, in a process of its own: sends batches one after another on each connection, at a rate or as fast as
// they are answered, and tells how long each took to be acknowledged.
import { Agent, request } from 'node:http'
import { eventOf } from './traffic.mjs'

process.once('message', async (asked) => {
  process.send(await generate(asked))
  process.disconnect()
})

/**
 * @param asked {url, writeKey, connections, size, seconds, events, perSecond, sender, customers, first}
 *   ends after `seconds`, or `events` where given; `perSecond` events at most, by default as many as go
 */
async function generate({
  url,
  writeKey,
  connections,
  size,
  seconds,
  events,
  perSecond,
  sender,
  customers,
  everybody,
}) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
  const began = performance.now()
  const taken = []
  const statuses = {}
  let sent = 0
  let acknowledged = 0
  const isOver = () => (events ? sent >= events : performance.now() - began > seconds * 1000)
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
  const one = (at) => {
    sent += 1
    return eventOf(sent, { sender, customers, at, ...(everybody ? { who: sent % customers } : {}) })
  }
  const loop = async () => {
    while (!isOver()) {
      if (perSecond !== undefined) {
        const due = began + (sent / perSecond) * 1000
        if (due > performance.now()) await new Promise((wait) => setTimeout(wait, due - performance.now()))
      }
      const at = new Date().toISOString()
      const made = Array.from({ length: size }, () => one(at))
      const body = size === 1 ? made[0] : `{"batch":[${made.join(',')}],"sentAt":"${at}"}`
      const started = performance.now()
      const status = await send(size === 1 ? '/v1/track' : '/v1/batch', body)
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status === 200) {
        acknowledged += size
        taken.push(performance.now() - started)
      } else await new Promise((wait) => setTimeout(wait, 50))
    }
  }
  await Promise.all(Array.from({ length: connections }, loop))
  const took = (performance.now() - began) / 1000
  taken.sort((a, b) => a - b)
  const at = (share) => taken[Math.min(taken.length - 1, Math.floor(share * taken.length))]
  agent.destroy()
  const { user, system } = process.cpuUsage()
  return {
    ...{ acknowledged, took, p50: at(0.5), p99: at(0.99), longest: taken.at(-1), statuses },
    generator: (user + system) / 1e6,
  }
}
