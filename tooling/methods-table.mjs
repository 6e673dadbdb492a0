// `npm run methods-table`: runs the tests with golden values, and writes what they measured to docs/methods/README.md.
import { writeFileSync } from 'node:fs'
import { readGoldenHeads } from './goldens.mjs'
import { measureDifferences } from './measure-differences.mjs'
import { methodRows, methodsDocument, methodsFile } from './methods-document.mjs'

const heads = readGoldenHeads()
const rows = methodRows(heads, measureDifferences())
writeFileSync(methodsFile, methodsDocument(rows))
const compared = rows.reduce((sum, row) => sum + row.compared, 0).toLocaleString('en')
const close = rows.filter(({ difference }) => difference <= 1e-9).length
console.log(
  `${rows.length} methods of ${heads.length} golden files, ${compared} values; ${close} methods agree to 1e-9, the others as their tests allow`,
)
