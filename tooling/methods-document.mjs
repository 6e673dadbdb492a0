import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pageFile, trackedFiles } from './goldens.mjs'
import { root } from './run-command.mjs'

export const methodsFile = join(root, 'docs', 'methods', 'README.md')

const preface = `# Methods beside their references

Every method with golden values: what it follows, what it was compared with, and the largest difference from it in all values
that the tests compare. A difference is |ours − reference| / max(|reference|, floor); the floor is 1 unless the test says
otherwise, so that it is relative for large values and absolute for small ones. 0 means the same numbers, or the same rows and
clusters. Where the reference stops sooner than ours, the difference is what it left. ″ stands for the source above.

Written by \`npm run methods-table\`, which runs those tests; not edited by hand. Results on public data, and targets of speed, are in
[docs/proof.md](../proof.md).

| method | source | reference | values | largest difference | benchmark |
| --- | --- | --- | --: | --: | --- |
`

/**
 * One row for each method and page, in the order of pages.
 *
 * @param heads from `readGoldenHeads`
 * @param differences what the tests measured: file, method, difference, compared
 * @throws when a method is measured by no test
 */
export function methodRows(heads, differences) {
  const rows = new Map()
  for (const head of heads) {
    for (const [method, page] of Object.entries(head.methods)) {
      const found = differences.find((one) => one.file === head.file && one.method === method)
      if (!found) throw new Error(`${head.file}: no test of this run compares ${method}; is the public data there?`)
      const key = `${page} ${method}`
      const row = rows.get(key) ?? { method, page, references: new Set(), difference: 0, compared: 0 }
      row.references.add(referenceOf(head))
      row.difference = Math.max(row.difference, found.difference)
      row.compared += found.compared
      rows.set(key, row)
    }
  }
  return [...rows.values()].sort((one, other) => (one.page < other.page ? -1 : one.page > other.page ? 1 : 0))
}

/** The document, from `methodRows`. */
export function methodsDocument(rows) {
  const lines = rows.map(({ method, page, references, difference, compared }, at) => {
    const text = readFileSync(join(root, pageFile(page)), 'utf8')
    const cells = [
      `[${method}](${page}.md)`,
      rows[at - 1]?.page === page ? '″' : sourceOf(page, text),
      [...references].join('; '),
      compared.toLocaleString('en'),
      difference === 0 ? '0' : difference.toExponential(0),
      benchmarksOf(text).join(', '),
    ]
    return `| ${cells.map((cell) => cell.replaceAll('|', '¦')).join(' | ')} |\n`
  })
  return preface + lines.join('')
}

/** What a document lists, without the measured differences: `page method reference`, one a row. */
export function listedMethods(document) {
  return document.split('\n').flatMap((line) => {
    const [, link, , reference] = line.split('|').map((cell) => cell.trim())
    return link?.startsWith('[') ? [`${link} ${reference}`] : []
  })
}

/** What the document ought to list, whatever the differences. */
export const expectedMethods = (heads) =>
  listedMethods(
    methodsDocument(
      methodRows(
        heads,
        heads.flatMap(({ file, methods }) =>
          Object.keys(methods).map((method) => ({ file, method, difference: 0, compared: 0 })),
        ),
      ),
    ),
  )

/** The program with the script that ran it, and versions of the packages that the program names. */
function referenceOf({ program, versions, madeBy }) {
  const named = Object.entries(versions).filter(([name]) => program.toLowerCase().includes(name.toLowerCase()))
  const shown = (named.length > 0 ? named : Object.entries(versions)).map(([name, version]) => `${name} ${version}`)
  return `[${program}](../../${madeBy}) (${shown.join(', ')})`
}

function sourceOf(page, text) {
  const section = /^## Sources?\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(text)?.[1]
  const paragraph = /\*\*Sources?\.\*\*([\s\S]*?)(?=Checked |\n\n|$(?![\s\S]))/.exec(text)?.[1]
  const source = section ?? paragraph
  if (!source) throw new Error(`${pageFile(page)} must have a section "## Sources"`)
  return source
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replace(/ Each function names its own\.$/, '')
}

/**
 * Benchmarks with a peer's program that call a function of the page's opening lines, or that the page names: files of their
 * own, with what lies in the folder of their name.
 */
function benchmarksOf(text) {
  const opening = text.slice(0, text.indexOf('\n## '))
  const functions = [...opening.matchAll(/`([a-z]+[A-Z]\w*)`/g)].map(([, name]) => name)
  const all = trackedFiles('benchmarks/*')
  return all
    .filter((file) => /^benchmarks\/[^/]+\.mjs$/.test(file))
    .flatMap((file) => {
      const name = file.replace(/mjs$/, '')
      const parts = all.filter((part) => part.startsWith(name) || part.startsWith(name.replace(/\.$/, '/')))
      if (!parts.some((part) => part.endsWith('.py'))) return []
      const programs = parts
        .filter((part) => part.endsWith('.mjs'))
        .map((part) => readFileSync(join(root, part), 'utf8'))
      const isCalled = functions.some((called) =>
        programs.some((program) => new RegExp(`\\b${called}\\b`).test(program)),
      )
      return isCalled || text.includes(`\`${file}\``) ? [`[${basename(file)}](../../${file})`] : []
    })
}
