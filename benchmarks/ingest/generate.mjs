// A load generator, in a process of its own: sends batches one after another on each connection, and tells how long each
// took to be acknowledged.
import { Agent, request } from 'node:http'

process.once('message', async (asked) => {
  process.send(await generate(asked))
  process.disconnect()
})

/** @param asked {url, writeKey, connections, size, seconds, events} ends after `seconds`, or `events` where given */
async function generate({ url, writeKey, connections, size, seconds, events }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const began = performance.now()
  const isOver = () => (events ? sent >= events : performance.now() - began > seconds * 1000)
  const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
  const taken = []
  const statuses = {}
  let sent = 0
  let acknowledged = 0
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
  const loop = async () => {
    while (!isOver()) {
      const now = new Date().toISOString()
      const made = Array.from({ length: size }, () => one(now))
      const body = size === 1 ? made[0] : `{"batch":[${made.join(',')}],"sentAt":"${now}"}`
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
