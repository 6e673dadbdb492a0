// The least that could be called the same: parses the JSON of a batch, appends it to a file, and answers when it is synced
// (all that came while a sync ran share the next). No checks, no keys, no identities, no consent, no tables.
import { open } from 'node:fs/promises'
import { createServer } from 'node:http'

const file = await open(process.argv[2], 'a')
let queue = []
let isWriting = false

async function writeAll() {
  isWriting = true
  while (queue.length > 0) {
    const taken = queue
    queue = []
    await file.write(taken.map(({ text }) => text).join(''))
    await file.datasync()
    for (const { answer } of taken) answer.end('{"success":true}')
  }
  isWriting = false
}

const server = createServer((request, answer) => {
  const parts = []
  request.on('data', (part) => parts.push(part))
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(parts).toString())
    const text = (body.batch ?? [body]).map((event) => `${JSON.stringify(event)}\n`).join('')
    queue.push({ text, answer })
    if (!isWriting) writeAll()
  })
})
server.listen(0, '127.0.0.1', () =>
  process.send({ url: `http://127.0.0.1:${server.address().port}`, writeKey: 'none' }),
)
