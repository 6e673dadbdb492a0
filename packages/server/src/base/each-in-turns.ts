import { inTurns, servingMs } from './in-turns.ts'

/** Does something with each of many, in turns with whatever else a server has to do. */
export function eachInTurns<Item>(items: Iterable<Item>, step: (item: Item) => void): Promise<void> {
  return inTurns(steps(items, step), servingMs)
}

function* steps<Item>(items: Iterable<Item>, step: (item: Item) => void): Generator<void, void> {
  for (const item of items) {
    step(item)
    yield
  }
}
