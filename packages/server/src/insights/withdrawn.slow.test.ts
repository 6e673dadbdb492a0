import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { withdrawProfiling } from './withdrawn.contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-withdrawn-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('who takes profiling back is shown nowhere at once, and is in nothing of the next analysis', async () => {
  const { before, served, next, totals, leftOut } = await withdrawProfiling(folder, 600)
  for (const [place, rows] of Object.entries(before)) expect([place, rows > 0]).toEqual([place, true])
  for (const [place, rows] of Object.entries({ ...served, ...next })) expect([place, rows]).toEqual([place, 0])
  expect(totals[1]).toBe(totals[0])
  expect(leftOut).toMatchObject({ customers: 1, refused: 1 })
}, 240_000)
