import { existsSync, readFileSync } from 'node:fs'
import * as numerics from '@rapport/numerics'
import { transformSync } from 'esbuild'
import { expect, test } from 'vitest'
import * as learn from './index.ts'

// The examples of the README, run one after the other as it shows them.

const readme = new URL('../README.md', import.meta.url)
const text = readFileSync(readme, 'utf8')

test('the examples run, and find what they say they find', async () => {
  const blocks = [...text.matchAll(/^```ts\n([^`]*)^```/gm)].map(([, code]) => code!)
  expect(blocks).toHaveLength(3)
  const source = blocks.join('\n').replace(/^import [^;]*? from '[^']*'$/gm, '')
  const { code } = transformSync(source, { loader: 'ts' })
  const names = { ...numerics, ...learn }
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
    ...parts: string[]
  ) => (...values: unknown[]) => Promise<Record<string, unknown>>
  const found = 'return { quality, probabilities, sql, onnx, groups, forecast, value, ranking }'
  const run = new AsyncFunction(...Object.keys(names), `${code}\n${found}`)
  const { quality, probabilities, sql, onnx, groups, forecast, value, ranking } = await run(...Object.values(names))
  expect(quality).toMatchObject({ auc: { defined: true, value: expect.toSatisfy((auc: number) => auc > 0.8) } })
  expect(probabilities).toHaveLength(400)
  expect(sql).toMatch(/^select/)
  expect(onnx).toBeInstanceOf(Uint8Array)
  expect(groups).toMatchObject({ kind: 'k-means' })
  expect(forecast).toMatchObject({ confidence: 0.8 })
  expect(value).toHaveLength(300)
  expect(ranking).toMatchObject({ defined: true, value: expect.toSatisfy((share: number) => share > 0) })
})

test('every function that it names is there, and every page', () => {
  const named = [...text.matchAll(/^\|[^|]*\|([^|]*)\|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`(\w+)`/g)])
  expect(named.length).toBeGreaterThan(25)
  expect(named.map(([, name]) => name!).filter((name) => !(name in learn))).toEqual([])
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => to!)
  expect(links.filter((to) => !existsSync(new URL(to, readme)))).toEqual([])
})
