import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { importFiles } from './index.ts'

const header = 'order_id,order_date,sku,quantity,unit_price'

/** Few values, so that lines repeat; some that no line may have. */
const line = fc
  .tuple(
    fc.constantFrom('1', '2', 'C3', ''),
    fc.constantFrom('2020-01-02', '2020-03-04 10:00:00', 'soon'),
    fc.constantFrom('a', 'b', ''),
    fc.constantFrom('1', '-2', '0', 'many'),
    fc.constantFrom('1.50', '0.001', '-3.00', '?'),
  )
  .map((cells) => cells.join(','))
const damaged = fc.constantFrom('1,2020-01-02', '1,2020-01-02,a,1,1.50,more', '1,"2020-01-02,a,1,1.50')
const mixture = fc.array(fc.oneof({ weight: 6, arbitrary: line }, { weight: 1, arbitrary: damaged }), {
  minLength: 1,
  maxLength: 12,
})
// Says what the columns are, so that a mixture of bad values alone is no question of mapping.
const map = {
  order_id: 'order_id',
  occurred_at: 'order_date',
  product_id: 'sku',
  quantity: 'quantity',
  unit_price: 'unit_price:1,234.56',
}

async function inStore(
  step: (warehouse: Warehouse, take: (lines: readonly string[]) => ReturnType<typeof importFiles>) => Promise<void>,
) {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-laws-'))
  const warehouse = await openWarehouse(join(folder, 'store'))
  try {
    await step(warehouse, (lines) => {
      const path = join(folder, 'orders.csv')
      // A sound line in every file, so that none is without any.
      writeFileSync(path, `${[header, '9,2020-01-01,z,1,1.00', ...lines].join('\n')}\n`)
      return importFiles(warehouse, { kind: 'orders', files: [path], currency: 'EUR', map })
    })
  } finally {
    await warehouse.close()
    rmSync(folder, { recursive: true })
  }
}

const held = (warehouse: Warehouse) =>
  warehouse.rows(`select hex(line_key) as key, order_id, kind, quantity, amount_micros, ordinal, occurred_at
    from order_lines order by line_key`)

test('for any mixture, what was read is accepted, a duplicate or in quarantine; again, it changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(mixture, async (lines) => {
      await inStore(async (warehouse, take) => {
        const first = await take(lines)
        expect(first.read).toBe(lines.length + 1)
        expect(first.accepted + first.duplicates + first.quarantined).toBe(first.read)
        const before = await held(warehouse)
        expect(before.length).toBe(first.accepted)
        expect(await take(lines)).toMatchObject({ batchId: null, accepted: 0, quarantined: 0, duplicates: first.read })
        expect(await held(warehouse)).toEqual(before)
      })
    }),
    { numRuns: 8, seed: 20_091_201 },
  )
})

test('the order of the lines in a file never changes what is stored', async () => {
  const shuffled = mixture.chain((lines) =>
    fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })),
  )
  const sound = shuffled.filter(([lines]) => !lines.some((one) => one.includes('"')))
  await fc.assert(
    fc.asyncProperty(sound, async ([lines, others]) => {
      const stored: unknown[] = []
      for (const order of [lines, others]) {
        await inStore(async (warehouse, take) => {
          await take(order)
          stored.push(await held(warehouse))
        })
      }
      expect(stored[1]).toEqual(stored[0])
    }),
    { numRuns: 8, seed: 20_101_209 },
  )
})
