// What a site or a person asks of the server, one after another on a few connections, and how long each took.
import { Agent, request } from 'node:http'
import { eventOf } from './traffic.mjs'

const connections = 4
/** A key may ask 50 times a second: what comes beyond is refused. */
const perSecond = 45

/**
 * How long after a request somebody is seen in a segment: in a visit of their own they look at something, then put
 * something into the cart; their profile is asked for until it has the segment.
 *
 * @param target whose customers from `busy` on nobody else does anything for
 * @returns ms of each
 */
export async function enter({ url, writeKey, secret, customers, busy }, { seconds }) {
  const http = new Http(url)
  const key = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
  const run = `probe-${Date.now()}`
  return repeated(seconds, async (n) => {
    const who = busy + (n % (customers - busy))
    const at = new Date().toISOString()
    const did = (name, part) =>
      eventOf(n, { sender: `${run}-${part}`, customers, at, who, name, session: `${run}-${n}` })
    await http.call('POST', '/v1/track', key, did('Product Viewed', 'a'))
    const began = performance.now()
    await http.call('POST', '/v1/track', key, did('Product Added', 'b'))
    for (let tries = 1; ; tries += 1) {
      const { status, body } = await http.call('GET', `/v1/customers/u${who}/now`, `Bearer ${secret}`)
      if (status !== 200) throw new Error(`a profile was answered ${status}: ${body}`)
      if (JSON.parse(body).segments.includes('rule.added-now')) break
      if (tries === 1000) throw new Error(`u${who} never came into the segment: ${body}`)
    }
    return performance.now() - began
  })
}

/** How long profiles of customers, one after another, take to be read. @returns ms of each */
export async function read({ url, secret, customers }, { seconds }) {
  const http = new Http(url)
  return repeated(seconds, async (n) => {
    const began = performance.now()
    const { status, body } = await http.call('GET', `/v1/customers/u${(n * 7919) % customers}/now`, `Bearer ${secret}`)
    if (status !== 200) throw new Error(`a profile was answered ${status}: ${body}`)
    return performance.now() - began
  })
}

/** @param values in ms */
export function timed(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  return { n: sorted.length, p50: at(0.5), p99: at(0.99), longest: sorted.at(-1) }
}

async function repeated(seconds, once) {
  const taken = []
  const began = performance.now()
  let next = 0
  const loop = async () => {
    while (performance.now() - began < seconds * 1000) {
      next += 1
      const due = began + (next / perSecond) * 1000
      if (due > performance.now()) await new Promise((wait) => setTimeout(wait, due - performance.now()))
      taken.push(await once(next))
    }
  }
  await Promise.all(Array.from({ length: connections }, loop))
  return taken
}

class Http {
  constructor(url) {
    this.url = url
    this.agent = new Agent({ keepAlive: true, maxSockets: connections })
  }

  call(method, path, authorization, body = '') {
    return new Promise((resolve, reject) => {
      const headers = { authorization, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      if (body === '') delete headers['content-type']
      const call = request(this.url + path, { method, agent: this.agent, headers }, (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (part) => {
          text += part
        })
        answer.once('end', () => resolve({ status: answer.statusCode, body: text }))
      })
      call.once('error', reject)
      call.end(body)
    })
  }
}
