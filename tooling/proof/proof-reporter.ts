import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'
import { nextDocument } from './proof-document.ts'
import { type ProofRow, root, rowsFile } from './rows-file.ts'

const documentFile = join(root, 'docs', 'proof.md')

/** Writes docs/proof.md from the rows of a run, whether its claims held or not. */
export default class ProofReporter implements Reporter {
  onInit(): void {
    process.env['RAPPORT_PROOF_ROWS'] = join(root, 'test-output', `proof-${process.pid}.jsonl`)
    rmSync(rowsFile(), { force: true })
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const declared = modules.flatMap((module) =>
      [...module.children.allTests()].flatMap(({ name }) => {
        const [, id, claim] = /^([a-z0-9-]+): (.*)$/s.exec(name) ?? []
        return id === undefined || claim === undefined ? [] : [{ name: id, claim }]
      }),
    )
    const rows = existsSync(rowsFile())
      ? readFileSync(rowsFile(), 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as ProofRow)
      : []
    const before = existsSync(documentFile) ? readFileSync(documentFile, 'utf8') : ''
    const surroundings = {
      date: new Date().toISOString().slice(0, 10),
      node: process.version,
      processors: availableParallelism(),
      memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    }
    writeFileSync(documentFile, nextDocument(before, declared, rows, surroundings))
    const missed = rows.filter(({ outcome }) => outcome === 'missed').length
    process.stdout.write(`\n${rows.length} rows written to docs/proof.md, ${missed} missed\n`)
  }
}
