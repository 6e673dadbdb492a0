import { mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deepestJson, Nesting, RapportError, storable } from '../../base/index.ts'
import { duckdbDialect, FileReader } from '../../warehouse/index.ts'

/** Where in an answer what stands: JSON pointers. */
export interface AnswerPlaces {
  /** The array of records. */
  readonly records: string
  /** Text or a number by which it goes on. */
  readonly next?: string | undefined
  /** Of a record: what is the highest of it. */
  readonly highest?: string | undefined
}

export interface ReadAnswer {
  /** One record a line; undefined where there are none. */
  readonly file: string | undefined
  readonly records: number
  readonly next: string | undefined
  readonly highest: string | number | undefined
}

/**
 * Takes answers apart in a database of their own: however large one is, this thread goes on serving, and numbers stay as
 * they were written.
 */
export class AnswerReader {
  readonly #folder: string
  readonly #reader: FileReader
  /** Of the last answer. */
  readonly #files: string[] = []
  #answers = 0

  private constructor(folder: string, reader: FileReader) {
    this.#folder = folder
    this.#reader = reader
  }

  /** @param folder for what was read; whoever gives it removes it */
  static async open(folder: string): Promise<AnswerReader> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return new AnswerReader(folder, await FileReader.open(join(folder, 'spill')))
  }

  close(): void {
    this.#reader.close()
  }

  /**
   * The file is there until the next answer is read.
   *
   * @throws RapportError `sources.answer` when it is no JSON, is nested too deep, or has no array at `records`
   */
  async read(body: Buffer, places: AnswerPlaces): Promise<ReadAnswer> {
    // A round may have any number of pages, and the disk has not.
    for (const file of this.#files.splice(0)) await rm(file, { force: true })
    this.#answers += 1
    const path = join(this.#folder, `answer-${this.#answers}.json`)
    this.#files.push(path)
    await writeStorable(path, body)
    const { records, next, highest } = places
    await this.#load(path)
    const at = (document: string, pointer: string): string =>
      pointer === '' ? document : `json_extract(${document}, ${duckdbDialect.text(pointer)})`
    const [shape] = await this.#reader.rows<{ type: string | null; next: string | null }>(
      `select json_type(${at('document', records)}) as type,
        ${next === undefined ? 'null' : `json_extract_string(document, ${duckdbDialect.text(next)})`} as next from answer`,
    )
    if (shape!.type !== 'ARRAY') {
      const got = (shape!.type ?? 'nothing').toLowerCase()
      throw new RapportError('sources.answer', `the answer must hold an array at ${records || 'its top'}, got ${got}`)
    }
    await this.#reader.run(
      `create or replace table records as
      select unnest(json_extract(${at('document', records)}, '$[*]')) as record from answer`,
    )
    const value = highest === undefined ? 'null' : at('record', highest)
    const [found] = await this.#reader.rows<{
      n: number
      lines: string | null
      text: string | null
      number: number | null
    }>(
      `select count(*) as n, string_agg(record::varchar, chr(10) order by rowid) as lines,
        max(json_extract_string(${value}, '$')) filter (json_type(${value}) = 'VARCHAR') as text,
        max(try_cast(${value} as double)) filter (json_type(${value}) in ('UBIGINT', 'BIGINT', 'DOUBLE')) as number
      from records`,
    )
    const { n, lines, text, number } = found!
    const file = n === 0 ? undefined : join(this.#folder, `records-${this.#answers}.jsonl`)
    if (file !== undefined) {
      this.#files.push(file)
      await writeFile(file, `${lines}\n`, { mode: 0o600 })
    }
    return { file, records: n, next: shape!.next ?? undefined, highest: text ?? number ?? undefined }
  }

  async #load(path: string): Promise<void> {
    const refused = (cause?: unknown): RapportError =>
      new RapportError('sources.answer', 'the answer must be JSON, got something else', { cause })
    try {
      await this.#reader.run(
        `create or replace table answer as select content as text from read_text(${duckdbDialect.text(path)})`,
      )
    } catch (error) {
      // What is no UTF-8 is no text to it.
      throw /utf-?8/i.test(String(error)) ? refused(error) : error
    }
    const [is] = await this.#reader.rows<{ valid: boolean }>('select json_valid(text) as valid from answer')
    if (!is!.valid) throw refused()
    await this.#reader.run('create or replace table answer as select text::json as document from answer')
  }
}

/** Bytes of which looking at one piece takes a few milliseconds. */
const pieceBytes = 256 * 1024

/** Written piece by piece: however large an answer is, others have their turns. */
async function writeStorable(path: string, body: Buffer): Promise<void> {
  const nesting = new Nesting()
  const file = await open(path, 'w', 0o600)
  try {
    for (let from = 0; from < body.length; ) {
      // No escape holds a comma, so none is cut in two after one.
      const comma = body.indexOf(',', from + pieceBytes)
      const piece = body.subarray(from, comma < 0 ? body.length : comma + 1)
      if (nesting.isTooDeep(piece)) {
        throw new RapportError('sources.answer', `the answer must be nested at most ${deepestJson} deep, got more`)
      }
      // As latin1 each byte stays what it is, and escapes are ASCII.
      await file.write(Buffer.from(storable(piece.toString('latin1')), 'latin1'))
      from += piece.length
    }
  } finally {
    await file.close()
  }
}
