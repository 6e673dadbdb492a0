import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { shopWithDriver, storeSales } from '../../predictions/planted-shop.contract.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { readArguments } from '../read-arguments.ts'
import type { PredictStore } from '../serve.ts'
import { lendStore } from '../with-store.ts'
import { predictCommand } from './predict.ts'

let folder: string
let warehouse: Warehouse
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-predict-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  await storeSales(warehouse, shopWithDriver(50, 3))
})
afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const refused = { found: false, because: 'of a test' } as const

/** What is asked apart, and an answer that was not worked out. */
function recording(): { readonly asked: string[]; readonly apart: PredictStore } {
  const asked: string[] = []
  return {
    asked,
    apart: {
      fitApart: async () => {
        asked.push('fit')
        return { lapse: refused, lifetime: refused }
      },
      trainApart: async (_, { which }) => {
        asked.push(`train ${which.kind === 'named' ? which.name : which.kind}`)
        return []
      },
      answerApart: (async (_: Warehouse, { what, name }: { what: string; name: string }) => {
        asked.push(`${what} ${name}`)
        return refused
      }) as PredictStore['answerApart'],
    },
  }
}

const run = (apart: PredictStore, ...words: readonly string[]) => {
  const command = predictCommand(apart)
  const nothing = { work: {}, isInteractive: false, tell: () => undefined, ask: async () => false }
  return command.run({ store: folder, given: readArguments(command, words), path: (text) => text, ...nothing })
}

test('where a server has the store open, whatever looks at many customers is done apart from its thread', async () => {
  const { asked, apart } = recording()
  const end = lendStore(warehouse, {} as Parameters<typeof lendStore>[1])
  try {
    expect((await run(apart, 'fit')).document).toEqual({ lapse: refused, lifetime: refused })
    for (const word of ['check', 'score', 'evaluate']) await run(apart, word, 'lapse')
    await run(apart, 'train', 'lapse')
    await run(apart, 'list')
  } finally {
    end()
  }
  expect(asked).toEqual(['fit', 'check lapse', 'score lapse', 'evaluate lapse', 'train lapse'])
})

test('a command that is of no use says which would be', async () => {
  const { apart } = recording()
  const end = lendStore(warehouse, {} as Parameters<typeof lendStore>[1])
  try {
    await expect(run(apart, 'explain', 'lapse', 'nobody')).rejects.toThrow('the customer must be named by an order')
    await expect(run(apart, 'fit', 'lapse')).rejects.toThrow('it must be rapport predict fit, got lapse after fit')
  } finally {
    end()
  }
})
