import { readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import { type SparseMatrix, sparseFromTriplets } from '@rapport/numerics'
import { dataPath } from './test-data.ts'

/** English function words: what every message has, whatever it is about. */
const stopWords = new Set(
  (
    'a about above across after again against all almost alone along already also although always am among an and another any ' +
    'anyone anything are around as at back be became because become been before being below between both but by can cannot ' +
    'could did do does doing done down during each either else ever every everyone everything few first for from further get ' +
    'give go had has have having he hence her here hers herself him himself his how however i if in indeed into is it its itself ' +
    'just last least less made many may me might mine more moreover most mostly much must my myself namely neither never ' +
    'nevertheless next no nobody none nor not nothing now nowhere of off often on once one only onto or other others otherwise ' +
    'our ours ourselves out over own part per perhaps please put rather re same see seem seemed seems several she should since so ' +
    'some somehow someone something sometimes somewhere still such take than that the their theirs them themselves then thence ' +
    'there thereby therefore these they this those though through throughout thus to together too toward towards under until up ' +
    'upon us very via was we well were what whatever when whence whenever where whereas whether which while who whoever whole ' +
    'whom whose why will with within without would yet you your yours yourself yourselves'
  ).split(' '),
)

const documentsMin = 3
const shareMax = 0.5

/** Messages of 20 newsgroups as unit rows of TF-IDF weights (1 + log count, smoothed), and each one's group. */
export interface Newsgroups {
  readonly weights: SparseMatrix
  readonly groups: Int32Array
}

/** By the protocol of the data set's README: bodies after the first blank line, words of two letters or more. */
export function loadNewsgroups(): Newsgroups {
  const archive = readFileSync(dataPath('mini_newsgroups', 'mini_newsgroups.zip'))
  const messages = filesOfZip(archive)
    // Beside the messages, which are numbered, lies a desktop.ini in each folder.
    .filter(({ name }) => /\/\d+$/.test(name))
    .map(({ name, bytes }) => ({ group: name.split('/')[1]!, counts: countsOf(bodyOf(bytes.toString('latin1'))) }))
  const documents = new Map<string, number>()
  for (const { counts } of messages)
    for (const word of counts.keys()) documents.set(word, (documents.get(word) ?? 0) + 1)
  const words = [...documents]
    .filter(([, count]) => count >= documentsMin && count <= shareMax * messages.length)
    .map(([word]) => word)
    .sort()
  const columnOf = new Map(words.map((word, column) => [word, column]))
  const entries = messages.flatMap(({ counts }, row) => {
    const weighted = [...counts].flatMap(([word, count]) => {
      const column = columnOf.get(word)
      if (column === undefined) return []
      const rarity = Math.log((1 + messages.length) / (1 + documents.get(word)!)) + 1
      return [{ row, column, weight: (1 + Math.log(count)) * rarity }]
    })
    const length = Math.hypot(...weighted.map(({ weight }) => weight))
    return weighted.map((entry) => ({ ...entry, weight: entry.weight / length }))
  })
  const names = [...new Set(messages.map(({ group }) => group))].sort()
  return {
    weights: sparseFromTriplets(
      messages.length,
      words.length,
      entries.map(({ row }) => row),
      entries.map(({ column }) => column),
      entries.map(({ weight }) => weight),
    ),
    groups: Int32Array.from(messages, ({ group }) => names.indexOf(group)),
  }
}

const bodyOf = (message: string): string => message.slice(Math.max(0, message.search(/\r?\n\r?\n/)))

function countsOf(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [word] of text.toLowerCase().matchAll(/[a-z0-9_\u00c0-\u00ff]{2,}/g)) {
    if (!stopWords.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return counts
}

/** The files of a zip archive, by its central directory (PKWARE's APPNOTE, 4.3). */
function filesOfZip(archive: Buffer): { readonly name: string; readonly bytes: Buffer }[] {
  const end = archive.lastIndexOf(Buffer.of(0x50, 0x4b, 5, 6))
  const files: { name: string; bytes: Buffer }[] = []
  let at = archive.readUInt32LE(end + 16)
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, packed] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20)]
    const nameLength = archive.readUInt16LE(at + 28)
    const local = archive.readUInt32LE(at + 42)
    const name = archive.toString('latin1', at + 46, at + 46 + nameLength)
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const bytes = archive.subarray(start, start + packed)
    if (!name.endsWith('/')) files.push({ name, bytes: method === 8 ? inflateRawSync(bytes) : bytes })
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  return files
}
