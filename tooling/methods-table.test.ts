import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { goldenFaults, readGoldenHeads } from './goldens.mjs'
import { expectedMethods, listedMethods, methodRows, methodsDocument, methodsFile } from './methods-document.mjs'

const heads = readGoldenHeads()

test('docs/methods/README.md lists the methods, programs and versions of the golden files; else: npm run methods-table', () => {
  expect(listedMethods(readFileSync(methodsFile, 'utf8'))).toEqual(expectedMethods(heads))
})

test('every golden file says what it is', () => {
  expect(heads.length).toBeGreaterThan(50)
  expect(goldenFaults(heads)).toEqual([])
})

const head = {
  file: 'packages/learn/src/x/golden/x.json',
  program: 'scikit-learn KMeans',
  versions: { 'scikit-learn': '1.2', numpy: '2.0' },
  madeBy: 'golden/make/clustering.py',
  methods: { 'k-means': 'k-means' },
}

test('golden files that do not say what they are are named', () => {
  const faults = goldenFaults([{ ...head, versions: {}, madeBy: 'nowhere.py', methods: { 'k-means': 'no-page' } }])
  expect(faults).toEqual([
    `${head.file}: "versions" must name each program with its version`,
    `${head.file}: "made_by" must be the script that made it, got nowhere.py`,
    `${head.file}: "methods": k-means has no page docs/methods/no-page.md`,
  ])
})

test('files of one method share a row with the largest difference, and a method that nobody measured is an error', () => {
  const other = { ...head, file: 'packages/learn/src/x/golden/y.json' }
  const measured = [
    { file: head.file, method: 'k-means', difference: 2e-13, compared: 40 },
    { file: other.file, method: 'k-means', difference: 3e-12, compared: 1000 },
  ]
  const line = methodsDocument(methodRows([head, other], measured))
    .trimEnd()
    .split('\n')
    .at(-1)!
  const cells = line.split('|').map((cell) => cell.trim())
  expect(cells[1]).toBe('[k-means](k-means.md)')
  expect(cells[2]).toMatch(/^Lloyd 1982/)
  expect(cells[3]).toBe('[scikit-learn KMeans](../../golden/make/clustering.py) (scikit-learn 1.2)')
  expect(cells.slice(4, 6)).toEqual(['1,040', '3e-12'])
  expect(cells[6]).toContain('[k-means.mjs](../../benchmarks/k-means.mjs)')
  expect(() => methodRows([head, other], measured.slice(1))).toThrow('no test of this run compares k-means')
})
