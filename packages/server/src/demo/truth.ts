import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { type Instant, RapportError } from '../base/index.ts'
import type { CustomerType, ScenarioName } from './scenario.ts'

/** What holds for the whole shop; the first line of the file. */
export interface DemoTruth {
  /** The simulator's version: another one makes other shops. */
  readonly version: number
  readonly scenario: ScenarioName
  readonly effects: 'on' | 'off'
  readonly seed: number
  readonly until: Instant
  /** The true parameters, email effects among them. */
  readonly types: readonly CustomerType[]
}

/** What is true of one customer; a line each. */
export interface CustomerTruth {
  readonly customerId: string
  /** Index into `DemoTruth.types`. */
  readonly type: number
  readonly ordersPerYear: number
  /** Chance to leave for good after an order. */
  readonly dropout: number
  /** The day after whose order the customer left, as an instant; null while alive, or who never bought. */
  readonly leftAt: Instant | null
  readonly isAlive: boolean
  readonly hasBought: boolean
  /** Expected revenue of one order after discounts and returns, in units of the currency. */
  readonly orderValue: number
  /** Expected orders and revenue after `until`, emails apart. */
  readonly orders180: number
  readonly orders365: number
  readonly value180: number
  readonly value365: number
  /** Shares by category, by price tier and by style. */
  readonly categories: readonly number[]
  readonly tiers: readonly number[]
  readonly styles: readonly number[]
}

/** The file beside the store. No analysis reads it; the layer rule keeps this room out of their reach. */
export const truthFileOf = (folder: string): string => join(folder, 'demo-truth.jsonl.gz')

/** Writes the truth line by line, compressed. */
export class TruthWriter {
  readonly #gzip = createGzip({ level: 1 })
  readonly #done: Promise<void>
  #failure: unknown

  constructor(path: string, truth: DemoTruth) {
    this.#done = pipeline(this.#gzip, createWriteStream(path)).catch((error: unknown) => {
      this.#failure = error
    })
    this.#gzip.write(`${JSON.stringify(truth)}\n`)
  }

  async write(customers: readonly CustomerTruth[]): Promise<void> {
    const text = customers.map((customer) => `${JSON.stringify(customer)}\n`).join('')
    if (this.#failure || this.#gzip.write(text)) return
    const drained = new Promise<void>((resolve) => {
      this.#gzip.once('drain', resolve)
    })
    await Promise.race([drained, this.#done])
  }

  /** @throws RapportError `demo.truth` when the file could not be written */
  async end(): Promise<void> {
    this.#gzip.end()
    await this.#done
    if (this.#failure) {
      throw new RapportError('demo.truth', `the truth must be written beside the store, got: ${this.#failure}`, {
        cause: this.#failure,
      })
    }
  }
}

/**
 * The truth of a demo shop, for tests and benchmarks.
 *
 * @param folder the store's folder
 * @throws RapportError `demo.no-truth` when the folder has none
 */
export async function readTruth(folder: string): Promise<{ truth: DemoTruth; customers: CustomerTruth[] }> {
  const path = truthFileOf(folder)
  const customers: CustomerTruth[] = []
  let truth: DemoTruth | undefined
  try {
    for await (const line of linesOf(path)) {
      if (truth) customers.push(JSON.parse(line) as CustomerTruth)
      else truth = revived(JSON.parse(line) as DemoTruth)
    }
  } catch (error) {
    throw new RapportError('demo.no-truth', `${folder} must hold a demo shop's truth, got: ${error}`, { cause: error })
  }
  if (!truth) throw new RapportError('demo.no-truth', `${folder} must hold a demo shop's truth, got an empty file`)
  return { truth, customers }
}

/** Lines of a compressed file; unlike readline, it throws where the file cannot be read. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const gunzip = createGunzip()
  const file = createReadStream(path)
  file.on('error', (error) => gunzip.destroy(error))
  let rest = ''
  for await (const part of file.pipe(gunzip).setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + part).split('\n')
    rest = lines.pop()!
    yield* lines
  }
}

/** JSON has no infinity: a concentration without a number is one. */
function revived(truth: DemoTruth): DemoTruth {
  const types = truth.types.map((type) => {
    const { categories, tiers, styles } = type.concentration as Record<'categories' | 'tiers' | 'styles', number | null>
    const concentration = {
      categories: categories ?? Infinity,
      tiers: tiers ?? Infinity,
      styles: styles ?? Infinity,
    }
    return { ...type, concentration }
  })
  return { ...truth, types }
}
