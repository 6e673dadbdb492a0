import { expect, it } from 'vitest'
import { Entity } from './entity.ts'
import { Warm, type WarmLimit } from './warm.ts'

const long = 'x'.repeat(968)

/** An entity of 1,200 bytes, by its key. */
const entity = (name: string): Entity => new Entity('customer', [`${name} ${long}`.slice(0, 968)])

function warmWith(limit: WarmLimit, entities: number): { readonly warm: Warm; readonly all: readonly Entity[] } {
  const warm = new Warm(limit)
  const all = Array.from({ length: entities }, (_, index) => entity(`${index}`))
  for (const one of all) warm.add(one)
  while (warm.cool()) {}
  return { warm, all }
}

it('holds as many ready as it may', () => {
  expect(warmWith({ entities: 10 }, 100).warm.size).toBe(10)
})

it('holds as many ready as fit the memory that it may take', () => {
  const { warm, all } = warmWith({ bytes: 120_000 }, 1000)
  expect(entity('0').bytes()).toBe(1200)
  expect(warm.size).toBe(100)
  expect(all.filter(({ frozen }) => frozen === undefined)).toHaveLength(100)
})

it('holds everybody ready while there is memory for them', () => {
  expect(warmWith({ bytes: 10_000_000 }, 1000).warm.size).toBe(1000)
})

it('lets those go first who were not touched lately', () => {
  const { warm, all } = warmWith({ entities: 100 }, 100)
  for (const one of all) one.isRecent = Number(one.key[0]!.split(' ')[0]) < 50
  const more = Array.from({ length: 50 }, (_, index) => entity(`more ${index}`))
  for (const one of more) warm.add(one)
  warm.cool()
  expect(all.filter(({ frozen }) => frozen === undefined).map(({ key }) => Number(key[0]!.split(' ')[0]))).toEqual(
    Array.from({ length: 50 }, (_, index) => index),
  )
})
