// Makes the small store of this release that every later version must open. Run once a release, by hand:
//   node tooling/make-fixture-store.mjs
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { makeDemo } from '../packages/server/dist/demo/index.js'
import { openWarehouse } from '../packages/server/dist/warehouse/index.js'
import { root } from './run-command.mjs'

const { version } = JSON.parse(readFileSync(join(root, 'packages/server/package.json'), 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'rapport-fixture-'))
const warehouse = await openWarehouse(folder)
await makeDemo(warehouse, { scenario: 'watches', customers: 12, seed: 1 })
await warehouse.run(
  "insert into quarantine values (1, 'orders', 'a.csv', 7, 'date', 'ingestion.instant', 'must be a date, got x', '{}', null)",
)
await warehouse.checkpoint()
await warehouse.close()
const packed = gzipSync(readFileSync(join(folder, 'warehouse.duckdb')), { level: 9 })
const target = join(root, 'packages/server/src/warehouse/fixtures', `store-${version}.duckdb.gz`)
writeFileSync(target, packed)
rmSync(folder, { recursive: true })
console.log(`${target}: ${Math.round(packed.length / 1024)} kB`)
