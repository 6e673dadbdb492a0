import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { FileReader } from '../../packages/server/src/warehouse/index.ts'
import type { Found } from './search-store.ts'

/** Looks for `text` in a backup, unpacked: in every row of its Parquet files and every byte of its other files. */
export async function searchBackup(file: string, text: string): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-unpacked-'))
  const reader = await FileReader.open(join(folder, 'spill'))
  try {
    execFileSync('tar', ['-xf', file, '-C', folder])
    const found: Record<string, number> = {}
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, name)
      const rows = name.endsWith('.parquet')
        ? await rowsWith(reader, path, text)
        : /\.(gz|json|jsonl|sha256)$/.test(name)
          ? bytesOf(path).toString('utf8').split(text).length - 1
          : 0
      if (rows > 0) found[`backup ${name}`] = rows
    }
    return found
  } finally {
    reader.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const bytesOf = (path: string): Buffer => (path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path))

async function rowsWith(reader: FileReader, path: string, text: string): Promise<number> {
  const [row] = await reader.rows<{ n: number }>(
    `select count(*)::integer as n from read_parquet('${path}') as whole where contains(whole::varchar, $text)`,
    { text },
  )
  return row!.n
}
