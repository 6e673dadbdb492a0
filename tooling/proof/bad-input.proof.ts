import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openWarehouse } from '../../packages/server/src/warehouse/index.ts'
import { messageOf, rapport } from './command.ts'
import { ordersHeader, writeOrders } from './order-files.ts'
import { count, type Measured, prove } from './record.ts'

// Each file is given to the built command as a person would, on a store that holds an import which was acknowledged.

const acknowledgedRows = 3000
let folder: string
let store: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-proof-'))
  store = join(folder, 'store')
  mkdirSync(store)
  writeOrders(join(folder, 'good.csv'), acknowledgedRows, 1)
  const first = take('good.csv')
  if (first.status !== 0) throw new Error(first.stderr)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const take = (file: string) =>
  rapport(['import', 'orders', file, '--store', store, '--currency', 'EUR', '--yes', '--json'], { cwd: folder })

interface Summary {
  readonly read: number
  readonly accepted: number
  readonly duplicates: number
  readonly quarantined: number
  readonly warnings: readonly string[]
  readonly reasons: readonly { readonly reason: string; readonly count: number }[]
}

/** Lines of the acknowledged import that are in the store, and quarantined and adjusted ones of all imports. */
async function inStore(): Promise<{ acknowledged: number; adjustments: number; quarantined: number }> {
  const warehouse = await openWarehouse(store)
  try {
    const [row] = await warehouse.rows<{ acknowledged: number; adjustments: number; quarantined: number }>(
      `select count(*) filter (batch_id = 1) as acknowledged, count(*) filter (kind = 'adjustment') as adjustments,
        (select count(*) from quarantine) as quarantined from order_lines`,
    )
    return row!
  } finally {
    await warehouse.close()
  }
}

/** A file that must be refused as a whole: words that say why, and the store as it was. */
async function refused(name: string, content: string | Buffer, words: RegExp): Promise<Measured> {
  writeFileSync(join(folder, name), content)
  const ran = take(name)
  const { acknowledged } = await inStore()
  const message = messageOf(ran)
  return {
    figure: `“${message}”, exit ${ran.status}, ${count(acknowledged)} of ${count(acknowledgedRows)} acknowledged lines in the store`,
    isMet: ran.status === 2 && words.test(ran.stderr) && acknowledged === acknowledgedRows,
  }
}

prove({
  name: 'bad-empty',
  claim: 'an empty file: a clear message, nothing lost',
  measure: () => refused('empty.csv', '', /empty/),
})

prove({
  name: 'bad-binary',
  claim: 'a binary file: a clear message, nothing lost',
  measure: () =>
    refused('binary.csv', Buffer.from(Array.from({ length: 65_536 }, (_, at) => (at * 7919) % 256)), /binary/),
})

prove({
  name: 'bad-header',
  claim: 'a wrong header: a clear message that says what is wanted, nothing lost',
  measure: () => refused('header.csv', 'colour,shape\nred,round\nblue,square\n', /which column holds/),
})

prove({
  name: 'bad-million',
  claim:
    '1 million rows with 1 % damaged in ten ways: each damaged row in quarantine with its reason, every other one taken',
  measure: async () => {
    const before = (await inStore()).quarantined
    writeOrders(join(folder, 'million.csv'), 1_000_000, 1_000_000, 100)
    const ran = take('million.csv')
    rmSync(join(folder, 'million.csv'))
    if (ran.status !== 0) return { figure: `exit ${ran.status}: ${messageOf(ran)}`, isMet: false }
    const { read, accepted, duplicates, quarantined, reasons } = JSON.parse(ran.stdout) as Summary
    const { acknowledged, quarantined: after } = await inStore()
    const words = reasons.map(({ reason, count: n }) => `${count(n)} × ${reason.slice(0, 60)}`).join(', ')
    return {
      figure:
        `read ${count(read)} = accepted ${count(accepted)} + duplicates ${duplicates} + quarantined ${count(quarantined)} ` +
        `in ${ran.seconds.toFixed(1)} s; ${count(after - before)} rows in the quarantine, ${count(acknowledged)} of ${count(acknowledgedRows)} acknowledged lines in the store; ${words}`,
      isMet:
        read === 1_000_000 &&
        accepted === 990_000 &&
        quarantined === 10_000 &&
        duplicates === 0 &&
        after - before === 10_000 &&
        acknowledged === acknowledgedRows,
    }
  },
})

prove({
  name: 'bad-future',
  claim: 'a date in the future: that record in quarantine with its reason, the others taken',
  measure: async () => {
    writeFileSync(
      join(folder, 'future.csv'),
      `${ordersHeader}f1,cf,2999-01-01,s1,1,2.50\nf2,cf,2020-01-01,s1,1,2.50\nf3,cf,2020-01-02,s1,1,2.50\n`,
    )
    const ran = take('future.csv')
    if (ran.status !== 0) return { figure: `exit ${ran.status}: ${messageOf(ran)}`, isMet: false }
    const { read, accepted, quarantined, reasons } = JSON.parse(ran.stdout) as Summary
    return {
      figure: `read ${read} = accepted ${accepted} + quarantined ${quarantined}: “${reasons[0]?.reason}”`,
      isMet: read === 3 && accepted === 2 && quarantined === 1,
    }
  },
})

prove({
  name: 'bad-negative-price',
  claim: 'a negative price: kept as an adjustment, out of sales, and said so',
  measure: async () => {
    writeFileSync(
      join(folder, 'negative.csv'),
      `${ordersHeader}n1,cn,2020-01-01,s1,1,-11.50\nn2,cn,2020-01-01,s1,1,2.50\n`,
    )
    const before = (await inStore()).adjustments
    const ran = take('negative.csv')
    if (ran.status !== 0) return { figure: `exit ${ran.status}: ${messageOf(ran)}`, isMet: false }
    const { accepted, warnings } = JSON.parse(ran.stdout) as Summary
    const adjusted = (await inStore()).adjustments - before
    const said = warnings.find((warning) => warning.includes('negative price')) ?? 'nothing said'
    return {
      figure: `${accepted} accepted, ${adjusted} of them an adjustment: “${said}”`,
      isMet: accepted === 2 && adjusted === 1 && said.includes('adjustment'),
    }
  },
})
