import { type Part, parts } from './parts.ts'
import type { ProofRow } from './rows-file.ts'

/** A claim that the files of this run declare, tried or not. */
export interface Declared {
  readonly name: string
  readonly claim: string
}

/** The machine and day of a run, in words. */
export interface Surroundings {
  readonly date: string
  readonly node: string
  readonly processors: number
  readonly memoryGigabytes: number
}

interface Line {
  readonly name: string
  readonly text: string
}

/**
 * The next docs/proof.md: rows of this run in place of those with the same name, all others as they stand in `before`.
 * Rows of a part that this run's files declare no longer are dropped; rows that could not be tried keep the figure of
 * the run before, when there was one.
 *
 * @param before the document as it is, '' when there is none
 */
export function nextDocument(
  before: string,
  declared: readonly Declared[],
  rows: readonly ProofRow[],
  surroundings: Surroundings,
): string {
  const known = linesOf(before)
  const latest = new Map(rows.map((row) => [row.name, row]))
  const sections = (Object.keys(parts) as Part[]).flatMap((part) => {
    const own = declared.filter(({ name }) => partOf(name) === part)
    const lines =
      own.length > 0
        ? own.map((claim) => lineOf(claim, latest.get(claim.name), known, surroundings))
        : known.filter(({ name }) => partOf(name) === part).map(({ text }) => text)
    return lines.length === 0 ? [] : [`## ${parts[part]}\n\n${head}\n${lines.join('\n')}\n`]
  })
  return `${preface(surroundings)}\n${sections.join('\n')}`
}

const head = '| claim | command | figure | commit |\n| --- | --- | --- | --- |'

const preface = ({ date, node, processors, memoryGigabytes }: Surroundings): string => `# Proof

Every claim of the project with the command that tries it again and what came of it. Made by \`npm run proof\`; not
edited by hand. **Missed** marks a claim whose numbers are not what it asks; a plus after a commit says that the code had
changes beside it. Last run: ${date}, Node ${node}, ${processors} processors, ${memoryGigabytes} GB of memory.
`

function lineOf(
  { name, claim }: Declared,
  row: ProofRow | undefined,
  known: readonly Line[],
  { date }: Surroundings,
): string {
  const before = known.find((line) => line.name === name)?.text
  const was = before ? cellsOf(before) : undefined
  const [figure, commit] =
    row === undefined
      ? [was?.[2] ?? 'not run yet', was?.[3] ?? '']
      : row.outcome === 'not run'
        ? wasMeasured(was)
          ? [was[2], was[3]]
          : [`could not run: ${plain(row.figure)}`, '']
        : [`${row.outcome === 'missed' ? '**Missed:** ' : ''}${plain(row.figure)}`, `${row.commit}, ${date}`]
  return `| ${plain(claim)} | \`npm run proof -- -t "${name}:"\` | ${figure} | ${commit} |`
}

type Cells = readonly [claim: string, command: string, figure: string, commit: string]

const wasMeasured = (cells: Cells | undefined): cells is Cells => cells !== undefined && cells[3] !== ''

/** Text that cannot break a table. */
const plain = (text: string): string =>
  text
    .replaceAll('|', '¦')
    .replaceAll(/\s*\n\s*/g, '<br>')
    .trim()

function linesOf(document: string): Line[] {
  return document.split('\n').flatMap((text) => {
    const name = /npm run proof -- -t "([a-z0-9-]+):"/.exec(text)?.[1]
    return name !== undefined && text.startsWith('| ') ? [{ name, text }] : []
  })
}

function cellsOf(line: string): Cells {
  const [claim = '', command = '', figure = '', commit = ''] = line
    .slice(2, -1)
    .split('|')
    .map((cell) => cell.trim())
  return [claim, command, figure, commit]
}

const partOf = (name: string): string => name.split('-')[0]!
