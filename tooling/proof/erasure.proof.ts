import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'
import { openWarehouse } from '../../packages/server/src/warehouse/index.ts'
import { startPostgres, type TestPostgres, withoutPostgres } from '../test-postgres.ts'
import { messageOf, type Ran, rapport } from './command.ts'
import { endLive, type LiveServer, startLive } from './live-server.ts'
import { count, prove } from './record.ts'
import { searchBackup } from './search-backup.ts'
import { type Found, searchStore } from './search-store.ts'

// Two customers of whom everything holds a random text of their own: one is erased, the other must stay. Other customers
// make a shop of it that can be analysed.

const folder = mkdtempSync(join(tmpdir(), 'rapport-erasure-proof-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const store = join(folder, 'store')
const [gone, kept] = ['gone', 'kept'].map((name) => `${name}${randomBytes(24).toString('hex')}`) as [string, string]
const customersFile = join(folder, 'customers.csv')
const ordersFile = join(folder, 'orders.csv')

const done = (ran: Ran): Ran => {
  if (ran.status !== 0) throw new Error(ran.stderr.trim().slice(-1500).replaceAll('\n', ' | '))
  return ran
}

const yesterday = new Date(Date.now() - 86_400_000).toISOString()
/** Everything that can be sent of somebody, in every field that takes text. */
const callsOf = (name: string): object[] => {
  const ids = { userId: name, anonymousId: `${name}-browser`, timestamp: yesterday }
  const says = (granted: boolean) => ({ consent: { categoryPreferences: { 'marketing.email': granted } } })
  return [
    {
      ...ids,
      userId: undefined,
      type: 'page',
      name: `Page ${name}`,
      context: { page: { url: `https://shop.example/?m=${name}` } },
    },
    {
      ...ids,
      type: 'identify',
      traits: { email: `${name}@shop.example`, email_verified: true, note: `trait ${name}` },
    },
    { ...ids, type: 'track', event: 'Ticket Replied', properties: { ticket_id: 't1', body: `body of ${name}` } },
    {
      ...ids,
      type: 'track',
      event: `Event ${name}`,
      properties: { deep: [{ of: name }] },
      context: { device: { id: `${name}-device` } },
    },
    { ...ids, type: 'alias', previousId: `${name}-old` },
    { ...ids, type: 'group', groupId: `${name}-group` },
    {
      ...ids,
      type: 'track',
      event: 'Order Completed',
      properties: {
        order_id: `o-${name}`,
        currency: 'EUR',
        products: [{ product_id: 'p1', name: 'Thing', price: 9, quantity: 2 }],
      },
    },
    { ...ids, type: 'track', event: 'Segment Consent Preference Updated', context: says(true) },
    // Breaks the schema, so it goes to quarantine.
    { ...ids, type: 'track', event: '', properties: { email: `${name}@shop.example` } },
  ].map((call, at) => ({ ...call, messageId: `${name}-${at}` }))
}

async function send(
  { url, writeKey }: LiveServer,
  batch: readonly object[],
): Promise<{ accepted: number; refused: number }> {
  const answer = await fetch(`${url}/v1/batch`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ writeKey, batch }),
  })
  if (answer.status !== 200) throw new Error(await answer.text())
  return (await answer.json()) as { accepted: number; refused: number }
}

function writeFiles(): void {
  const people = Array.from({ length: 300 }, (_, at) => `c${at}`)
  const customers = [...people, gone, kept].map((id) => `${id},${id}@shop.example,First ${id},Berlin`)
  writeFileSync(customersFile, `customer_id,email,first_name,city\n${customers.join('\n')}\n`)
  const orders = [...people, gone, kept].flatMap((id, at) =>
    Array.from({ length: 1 + (at % 4) }, (_, nth) => {
      const day = new Date(Date.UTC(2026, (at * 7 + nth * 3) % 10, 1 + (at % 28))).toISOString().slice(0, 10)
      return `f-${id}-${nth},${id},${day},p${at % 9},${1 + (at % 3)},${10 + (at % 17)}.50`
    }),
  )
  // The last one is bad: no day.
  const bad = `f-bad-${gone},${gone},never,p1,1,1.00\nf-bad-${kept},${kept},never,p1,1,1.00`
  writeFileSync(ordersFile, `order_id,customer_id,order_date,product_id,quantity,price\n${orders.join('\n')}\n${bad}\n`)
}

beforeAll(async () => {
  writeFiles()
  const running = await startLive(store)
  for (const name of [gone, kept]) await send(running, callsOf(name))
  await send(running, [
    { type: 'track', event: 'Invited', userId: 'c1', properties: { friend: `${gone}@shop.example` } },
  ])
  for (const [kind, file] of [
    ['customers', customersFile],
    ['orders', ordersFile],
  ] as const) {
    done(
      rapport(['import', kind, file, '--store', store, '--currency', 'EUR', '--basis', 'consent', '--yes', '--json']),
    )
  }
  done(rapport(['analyze', '--store', store, '--json']))
  await endLive(running)
}, 300_000)

const places = (found: Found): number => Object.keys(found).length
const stores = (found: Found): string =>
  ['warehouse', 'state', 'file']
    .map((kind) => `${Object.keys(found).filter((where) => where.startsWith(kind)).length} ${kind}`)
    .join(', ')

/** Where the erased one must have been found before: each place that the claim names. */
const named: readonly string[] = [
  ...['properties', 'context', 'body', 'name'].map((column) => `warehouse events.${column}`),
  ...['customers.email', 'customers.first_name', 'order_lines.customer_id', 'quarantine.raw'].map(
    (at) => `warehouse ${at}`,
  ),
  ...['scores', 'segment_members', 'identity_map', 'live_consents'].map((at) => `warehouse ${at}.`),
  ...['identities.identity', 'identity_links.from_identity', 'consents.customer_id'].map((at) => `state ${at}`),
  'file warehouse.duckdb',
]
const unnamed = (found: Found): string[] =>
  named.filter((place) => !Object.keys(found).some((where) => where.startsWith(place)))

const [earlier, later] = [join(folder, 'earlier.tar'), join(folder, 'later.tar')]

prove({
  name: 'erasure-search',
  claim:
    'A search that decodes every column of every table and reads the bytes of every file finds the erased customer in traits, properties, context, text, orders, quarantine, identities, consents, scores and segments before, each of them checked, and nothing after the physical step; the control customer is where it was; late events and the same files again are refused',
  measure: async () => {
    const before = { gone: await searchStore(store, gone), kept: await searchStore(store, kept) }
    const notFound = unnamed(before.gone)
    done(rapport(['backup', earlier, '--store', store, '--json']))
    const running = await startLive(store)
    done(rapport(['erase', gone, '--store', store, '--yes', '--json']))
    const hidden = rapport(['customer', gone, '--store', store]).status === 2
    const again = await send(
      running,
      callsOf(gone)
        .slice(0, 8)
        .map((call, at) => ({ ...call, messageId: `again ${at}` })),
    )
    const files = [
      ['customers', customersFile],
      ['orders', ordersFile],
    ].map(
      ([kind, file]) =>
        JSON.parse(
          done(rapport(['import', kind!, file!, '--store', store, '--basis', 'consent', '--yes', '--json'])).stdout,
        ) as { accepted: number; refused?: number },
    )
    done(rapport(['analyze', '--store', store, '--json']))
    done(rapport(['erase', '--now', '--store', store, '--json']))
    await endLive(running)
    const after = { gone: await searchStore(store, gone), kept: await searchStore(store, kept) }
    const missing = Object.keys(before.kept).filter((where) => !where.startsWith('file') && !(where in after.kept))
    const accepted = files.reduce((sum, file) => sum + file.accepted, 0)
    const refused = files.reduce((sum, file) => sum + (file.refused ?? 0), 0)
    return {
      figure:
        `before: the erased one in ${stores(before.gone)} places, the control in ${stores(before.kept)}${notFound.length > 0 ? `, not in ${notFound.join(' ')}` : ''}; ` +
        `after: the erased one in ${places(after.gone)}${places(after.gone) > 0 ? ` (${JSON.stringify(after.gone)})` : ''}, ` +
        `the control in ${stores(after.kept)}${missing.length > 0 ? `, missing ${missing.join(' ')}` : ''}; ` +
        `${again.refused} of 8 late events and ${count(refused)} records of the same files refused, ${accepted} taken`,
      isMet:
        notFound.length === 0 &&
        places(before.gone) >= 30 &&
        places(after.gone) === 0 &&
        missing.length === 0 &&
        Object.keys(after.kept).some((where) => where.startsWith('file')) &&
        hidden &&
        again.accepted === 0 &&
        again.refused === 8 &&
        accepted === 0 &&
        refused > 0,
    }
  },
})

prove({
  name: 'erasure-backups',
  claim:
    'A backup made after the erasure has nothing of the erased one in any of its files, unpacked; one made before has, and restored beside the list of erasures it gives a store with nothing of them in any column, file or command, and the control customer in it',
  measure: async () => {
    done(rapport(['backup', later, '--store', store, '--json']))
    const [old, made] = [await searchBackup(earlier, gone), await searchBackup(later, gone)]
    const control = await searchBackup(later, kept)
    const restored = join(folder, 'restored')
    mkdirSync(restored)
    for (const name of ['erasures.jsonl', 'erasures.key']) cpSync(join(store, name), join(restored, name))
    done(rapport(['restore', earlier, '--store', restored, '--json']))
    const shown = rapport(['customer', gone, '--store', restored])
    const back = { gone: await searchStore(restored, gone), kept: await searchStore(restored, kept) }
    return {
      figure:
        `the erased one in ${places(old)} files of the backup of before, ${places(made)} of the one after (control ${places(control)}); ` +
        `restored: in ${places(back.gone)} places${places(back.gone) > 0 ? ` (${JSON.stringify(back.gone)})` : ''}, control in ${stores(back.kept)}`,
      isMet:
        places(old) >= 8 &&
        places(made) === 0 &&
        places(control) >= 8 &&
        shown.status === 2 &&
        places(back.gone) === 0 &&
        places(back.kept) >= 30,
    }
  },
})

prove({
  name: 'erasure-postgres',
  claim:
    'With the state in PostgreSQL the same search finds the erased customer in identities, links and consents before, and in no column of either store and no file of the folder after the physical step, nor in a backup made then; the control customer is where it was',
  cannot: withoutPostgres ? 'PostgreSQL is not on this machine' : undefined,
  measure: async () => {
    const postgres: TestPostgres = startPostgres()
    try {
      const at = join(folder, 'on-postgres')
      const env = { RAPPORT_STATE_URL: postgres.url }
      const running = await startLive(at, { env })
      for (const name of [gone, kept]) await send(running, callsOf(name))
      await endLive(running)
      const search = async () => ({
        gone: await searchStore(at, gone, postgres.url),
        kept: await searchStore(at, kept, postgres.url),
      })
      const before = await search()
      done(rapport(['erase', gone, '--store', at, '--yes', '--now', '--json'], { env }))
      const backup = join(folder, 'of-postgres.tar')
      done(rapport(['backup', backup, '--store', at, '--json'], { env }))
      const after = await search()
      const inBackup = await searchBackup(backup, gone)
      const states = named.filter((place) => place.startsWith('state'))
      const missing = Object.keys(before.kept).filter((where) => !where.startsWith('file') && !(where in after.kept))
      return {
        figure:
          `before: the erased one in ${stores(before.gone)} places; after: in ${places(after.gone)}${places(after.gone) > 0 ? ` (${JSON.stringify(after.gone)})` : ''}, ` +
          `in ${places(inBackup)} files of a backup; the control in ${stores(after.kept)}${missing.length > 0 ? `, missing ${missing.join(' ')}` : ''}`,
        isMet:
          states.every((place) => place in before.gone) &&
          places(after.gone) === 0 &&
          places(inBackup) === 0 &&
          missing.length === 0 &&
          states.every((place) => place in after.kept),
      }
    } finally {
      postgres.stop()
    }
  },
})

const moments = ['copy', 'detach', 'rename', 'renamed', 'vacuum'] as const

prove({
  name: 'erasure-kills',
  claim: `kill -9 in the middle of the physical step at ${moments.length} moments (${moments.join(', ')}): the next one completes it, nothing of the erased one is left, every record of the others is there`,
  measure: async () => {
    const mother = join(folder, 'mother')
    cpSync(store, mother, { recursive: true })
    done(rapport(['erase', kept, '--store', mother, '--yes', '--json']))
    const records = await recordsOf(mother)
    const lines: string[] = []
    let isMet = true
    for (const moment of moments) {
      const child = join(folder, `killed-${moment}`)
      cpSync(mother, child, { recursive: true })
      const killed = rapport(['erase', '--now', '--store', child, '--json'], {
        node: ['--import', fileURLToPath(new URL('./kill-at.mjs', import.meta.url))],
        env: { RAPPORT_KILL_AT: moment },
      })
      const completed = rapport(['erase', '--now', '--store', child, '--json'])
      const left = await searchStore(child, kept)
      const isSame = JSON.stringify(await recordsOf(child)) === JSON.stringify(records)
      const isGood = killed.signal === 'SIGKILL' && completed.status === 0 && places(left) === 0 && isSame
      if (!isGood) {
        isMet = false
        lines.push(
          `${moment}: ${killed.signal ?? killed.status}, ${messageOf(completed)}, left ${JSON.stringify(left)}, same ${isSame}`,
        )
      }
      rmSync(child, { recursive: true, force: true })
    }
    return {
      figure: isMet
        ? `${moments.length} of ${moments.length} completed, ${count(records.n)} records each`
        : lines.join('; '),
      isMet,
    }
  },
})

/** How many records of each table, and a sum over their contents. */
async function recordsOf(at: string): Promise<{ n: number }> {
  const warehouse = await openWarehouse(at)
  const [row] = await warehouse.rows<{ n: number }>(
    `select (select count(*) from events) + (select count(*) from order_lines) + (select count(*) from customers) as n,
      (select bit_xor(hash(events)) from events)::varchar as events,
      (select bit_xor(hash(order_lines)) from order_lines)::varchar as order_lines,
      (select bit_xor(hash(customers)) from customers)::varchar as customers,
      (select bit_xor(hash(scores)) from scores)::varchar as scores`,
  )
  await warehouse.close()
  return row!
}
