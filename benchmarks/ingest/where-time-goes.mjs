// Shares of a processor profile by what the time was spent on, of the thread that answers.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const kinds = [
  ['idle', (name) => name === '(idle)'],
  ['garbage collection', (name) => name === '(garbage collector)'],
  ['check against the schema', (_, url) => /node_modules\/zod|check-call|protocol\//.test(url)],
  ['read the body', (name, url) => /read-body/.test(url) || name === 'parse'],
  [
    'read events, write lines',
    (_, url) => /read-call|occurred-at|log-line|log-group|event-log|order-rows|segment|known-ids/.test(url),
  ],
  ['consent', (_, url) => /\/consent\//.test(url)],
  ['identity and its state', (_, url) => /\/identity\/|libsql|kysely|\/state\//.test(url)],
  ['warehouse', (_, url) => /duckdb|\/warehouse\//.test(url)],
  [
    'HTTP',
    (_, url) =>
      /node:_?http|node:net|node:internal\/stream|node:stream|node:events|fastify|avvio|find-my-way|light-my-request|\/api\//.test(
        url,
      ),
  ],
]

/** @param folder with the profiles of one run; the largest one is the server's */
export function whereTimeGoes(folder) {
  const files = readdirSync(folder).map((name) => join(folder, name))
  const largest = files.sort((a, b) => statSync(b).size - statSync(a).size)[0]
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(largest, 'utf8'))
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]))
  const spent = new Map()
  let total = 0
  samples.forEach((sample, at) => {
    const { functionName, url } = byId.get(sample)
    const kind = kinds.find(([, holds]) => holds(functionName, url))?.[0] ?? 'everything else'
    spent.set(kind, (spent.get(kind) ?? 0) + timeDeltas[at])
    total += timeDeltas[at]
  })
  return [...spent].sort((a, b) => b[1] - a[1]).map(([kind, time]) => ({ kind, share: time / total }))
}
