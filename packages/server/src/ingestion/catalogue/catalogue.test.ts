import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { productsUpsert } from '@rapport/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { importFiles, listBatches, undoImport } from '../index.ts'
import { upsertProducts } from './upsert-products.ts'
import { backInStockSince, findProducts, priceAsOf, priceDropsSince, viewProduct } from './view-products.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-catalogue-'))
let warehouse: Warehouse

beforeAll(async () => {
  warehouse = await openWarehouse(join(folder, 'store'))
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true, force: true })
})

beforeEach(() => warehouse.run('delete from products'))

const day = (n: number): string => `2026-01-${String(n).padStart(2, '0')}T00:00:00Z`
const at = (n: number): number => Date.parse(day(n))
const put = (...products: object[]) => upsertProducts(warehouse, productsUpsert.parse({ products }).products)
const mug = (n: number, fields: object) => ({ product_id: 'mug', currency: 'EUR', known_at: day(n), ...fields })
const all = { after: '', limit: 10 }

async function history(id = 'mug'): Promise<unknown[]> {
  const { prices } = await viewProduct(warehouse, id)
  return prices.map(({ priceMicros, from, until }) => [priceMicros / 1e6, from, until])
}

test('every change of a price is kept with the time from which it held; what is unchanged adds nothing', async () => {
  expect(await put(mug(1, { price: 7.5, name: 'Blue mug' }))).toEqual({ changed: 1, unchanged: 0 })
  expect(await put(mug(3, { price: '7.50', name: 'Blue mug' }))).toEqual({ changed: 0, unchanged: 1 })
  // Another feed that knows the stock only.
  expect(await put(mug(4, { stock: 3 }), mug(4, { price: 7.5 }))).toEqual({ changed: 1, unchanged: 1 })
  expect(await put(mug(5, { price: 0.1 + 0.2 }))).toEqual({ changed: 1, unchanged: 0 })
  expect(await history()).toEqual([
    [0.3, at(5), null],
    [7.5, at(1), at(5)],
  ])
  expect(await viewProduct(warehouse, 'mug')).toMatchObject({
    ...{ name: 'Blue mug', priceMicros: 300_000, currency: 'EUR', isAvailable: true, stock: 3 },
    stocks: [{ isAvailable: true, stock: 3, from: at(4), until: null }],
  })
  expect(await warehouse.rows('select count(*) as n from products')).toEqual([{ n: 3 }])
})

test('what arrives late takes its place in time, and what holds now stays', async () => {
  await put(mug(1, { price: 10 }))
  await put(mug(5, { price: 12 }))
  await put(mug(3, { price: 11 }))
  // As it was at that time, though not as it was last said.
  expect(await put(mug(4, { price: 11 }))).toEqual({ changed: 0, unchanged: 1 })
  // As it is now, and was not then.
  expect(await put(mug(2, { price: 12 }))).toEqual({ changed: 1, unchanged: 0 })
  expect(await history()).toEqual([
    [12, at(5), null],
    [11, at(3), at(5)],
    [12, at(2), at(3)],
    [10, at(1), at(2)],
  ])
  expect((await viewProduct(warehouse, 'mug')).priceMicros).toBe(12_000_000)
  const asOf = async (moment: number) => (await priceAsOf(warehouse, 'mug', moment))?.priceMicros
  expect([await asOf(at(1) - 1), await asOf(at(1)), await asOf(at(4)), await asOf(at(9))]).toEqual([
    ...[undefined, 10e6, 11e6, 12e6],
  ])
})

test('in any order, in any parts, what was said gives the same history', async () => {
  // One word a day: of two, the one that came last holds.
  const days = fc.uniqueArray(fc.integer({ min: 1, max: 28 }), { minLength: 1, maxLength: 6 })
  const words = days.map((all) => all.map((day) => ({ day, price: day })))
  await fc.assert(
    fc.asyncProperty(
      words.chain((said) => fc.tuple(fc.constant(said), fc.shuffledSubarray(said, { minLength: said.length }))),
      async ([said, shuffled]) => {
        await warehouse.run('delete from products')
        for (const { day: n, price } of shuffled) await put(mug(n, { price }))
        const inOrder = [...said].sort((one, other) => one.day - other.day)
        const changes = inOrder.filter(({ price }, index) => price !== inOrder[index - 1]?.price)
        const expected = changes.map(({ day: n, price }, index) => [
          price,
          at(n),
          changes[index + 1] ? at(changes[index + 1]!.day) : null,
        ])
        expect(await history()).toEqual(expected.reverse())
      },
    ),
    { numRuns: 25 },
  )
})

test('a feed as a file: dated or not, its changes are history, and it can be undone', async () => {
  const file = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, `product_id,price,currency,stock,known_at\n${text}`)
    return path
  }
  const take = (path: string) => importFiles(warehouse, { kind: 'products', files: [path] })
  await take(file('a.csv', `mug,7.50,EUR,3,2026-01-05\ncup,2,EUR,0,2026-01-05\n`))
  const late = await take(file('b.csv', `mug,8,EUR,3,2026-01-02\ncup,2,EUR,0,2026-01-06\n`))
  expect(late).toMatchObject({ accepted: 1, duplicates: 1 })
  const back = await take(file('c.csv', `mug,8,EUR,3,2026-01-08\ncup,2,EUR,7,2026-01-08\n`))
  expect(await history()).toEqual([
    [8, at(8), null],
    [7.5, at(5), at(8)],
    [8, at(2), at(5)],
  ])
  expect((await viewProduct(warehouse, 'cup')).stocks).toEqual([
    { isAvailable: true, stock: 7, from: at(8), until: null },
    { isAvailable: false, stock: 0, from: at(5), until: at(8) },
  ])
  await undoImport(warehouse, back.batchId!)
  expect((await history())[0]).toEqual([7.5, at(5), null])
})

test('what has become cheaper since, and what is to be had again', async () => {
  await put({ ...mug(1, { price: 10, stock: 1 }) }, { ...mug(1, { price: 5, stock: 0 }), product_id: 'cup' })
  await put({ ...mug(10, { price: 8, stock: 0 }) }, { ...mug(10, { price: 6, stock: 2 }), product_id: 'cup' })
  await put({ ...mug(12, { price: 9, stock: 4 }) }, { ...mug(12, { stock: 5 }), product_id: 'cup' })
  const drops = async (since: number) => (await priceDropsSince(warehouse, at(since), all)).products
  expect(await drops(5)).toEqual([
    { productId: 'mug', priceMicros: 9e6, beforeMicros: 10e6, currency: 'EUR', since: at(12) },
  ])
  expect(await drops(11)).toEqual([])
  const back = async (since: number) => (await backInStockSince(warehouse, at(since), all)).products
  expect(await back(5)).toEqual([
    { productId: 'cup', since: at(10) },
    { productId: 'mug', since: at(12) },
  ])
  expect(await back(11)).toEqual([{ productId: 'mug', since: at(12) }])
  await put(mug(13, { is_available: false }), mug(13, { currency: 'USD', price: 1 }))
  expect([await drops(5), await back(11)]).toEqual([[], []])
})

test('products are found by code and name, part by part', async () => {
  await put(...['a1', 'a2', 'b1'].map((product_id) => ({ product_id, name: `Thing ${product_id}` })))
  const found = async (search: string, after = '') => {
    const { products, next } = await findProducts(warehouse, { search, after, limit: 2 })
    return [products.map(({ productId }) => productId), next]
  }
  expect(await found('')).toEqual([['a1', 'a2'], 'a2'])
  expect(await found('', 'a2')).toEqual([['b1'], null])
  expect(await found('thing B')).toEqual([['b1'], null])
})

describe('refused', () => {
  test.each([
    ['/products/0/product_id', { product_id: ' ' }],
    ['/products/0/price', { product_id: 'a', price: -1 }],
    ['/products/0/price', { product_id: 'a', price: '1,50' }],
    ['/products/0/prise', { product_id: 'a', prise: 1 }],
  ])('what does not fit the schema: %s', (pointer, product) => {
    const { error } = productsUpsert.safeParse({ products: [product] })
    const { path, message } = error!.issues[0]!
    expect(`/${path.join('/')}${message.includes('prise') ? '/prise' : ''}`).toBe(pointer)
  })

  test.each([
    ['/products/1/currency', { currency: 'ZZZ' }],
    ['/products/1/known_at', { known_at: '2999-01-01T00:00:00Z' }],
  ])('with nothing of the others taken: %s', async (pointer, fields) => {
    const products = productsUpsert.parse({ products: [{ product_id: 'a' }, { product_id: 'b', ...fields }] }).products
    expect(() => upsertProducts(warehouse, products)).toThrow(
      expect.objectContaining({ code: 'catalogue.product', pointer }),
    )
    await expect(viewProduct(warehouse, 'a')).rejects.toThrow(expect.objectContaining({ code: 'catalogue.not-found' }))
  })
})

test('the upserts of a process are a batch that can be undone; the next ones have another', async () => {
  await put(mug(1, { price: 1 }))
  const own = (await listBatches(warehouse)).filter(
    ({ kind, files, undoneAt }) => kind === 'products' && files.length === 0 && undoneAt === null,
  )
  expect(own.length).toBe(1)
  await undoImport(warehouse, own[0]!.batchId)
  await expect(viewProduct(warehouse, 'mug')).rejects.toThrow('got mug')
  await put(mug(1, { price: 2 }))
  expect((await viewProduct(warehouse, 'mug')).priceMicros).toBe(2e6)
})
