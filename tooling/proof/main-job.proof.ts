import { loadavg } from 'node:os'
import { besidePeer, withoutPeer } from './peer-python.ts'
import { prove } from './record.ts'

let output: string | undefined
let waiting = Number.NaN

/** What the benchmark printed; run once for all rows. */
function benchmark(): string {
  if (output === undefined) {
    waiting = loadavg()[0]!
    output = besidePeer('main-job.mjs')
  }
  return output
}

interface Stage {
  readonly name: string
  readonly ours: number
  readonly theirs: number
  /** Processor seconds: they say more than seconds where others use the machine too. */
  readonly oursBusy: number
  readonly theirsBusy: number
  readonly oursMegabytes: number
  readonly theirsMegabytes: number
}

/** The rows of the benchmark's table; the last ones are of the whole job, its stages one after another and as `analyze` runs them. */
function stagesOf(text: string): Stage[] {
  const stages = text.split('\n').flatMap((line): Stage[] => {
    if (!line.startsWith('| ')) return []
    const cells = line.slice(2, -2).split(' | ')
    const [ours, theirs] = [Number(cells[1]), Number(cells[2])]
    if (!Number.isFinite(ours) || !Number.isFinite(theirs)) return []
    const name = cells[0]!.replaceAll('*', '')
    const [oursBusy, theirsBusy] = [Number(cells[4]), Number(cells[5])]
    return [
      {
        name,
        ours,
        theirs,
        oursBusy,
        theirsBusy,
        oursMegabytes: Number(cells.at(-2)),
        theirsMegabytes: Number(cells.at(-1)),
      },
    ]
  })
  if (stages.at(-1)?.name !== 'all') throw new Error('benchmarks/main-job.mjs must print a table that ends with all')
  return stages
}

const inWords = ({ name, ours, theirs, oursBusy, theirsBusy, oursMegabytes, theirsMegabytes }: Stage): string =>
  `${name} ${ours.toFixed(2)} s against ${theirs.toFixed(2)} (${(theirs / ours).toFixed(2)}×), processor ${oursBusy.toFixed(1)} s against ${theirsBusy.toFixed(1)}, ${oursMegabytes} MB against ${theirsMegabytes}`

prove({
  name: 'job-overall',
  claim: 'online_retail_ii_2009 from file to plan, beside polars and scikit-learn on all cores: twice as fast overall',
  cannot: withoutPeer,
  measure: () => {
    const [apart, all] = stagesOf(benchmark()).slice(-2) as [Stage, Stage]
    const versions = /^Ours: .*$/m.exec(benchmark())?.[0] ?? ''
    return {
      figure: `${inWords(all)}; stages one after another ${apart.ours.toFixed(2)} s (${(apart.theirs / apart.ours).toFixed(2)}×); ${waiting.toFixed(1)} others waiting for processors when it began. ${versions}`,
      isMet: all.theirs / all.ours >= 2,
    }
  },
})

prove({
  name: 'job-stages',
  claim: 'no stage slower than there',
  cannot: withoutPeer,
  measure: () => {
    const stages = stagesOf(benchmark()).filter(({ name }) => !name.startsWith('all'))
    const slower = stages.filter(({ ours, theirs }) => ours > theirs)
    return {
      figure: `${slower.length === 0 ? 'none slower' : `slower: ${slower.map(({ name }) => name).join(', ')}`}. ${stages.map(inWords).join('; ')}`,
      isMet: slower.length === 0,
    }
  },
})

prove({
  name: 'job-outputs',
  claim: 'the outputs of both are the same where they must be',
  cannot: withoutPeer,
  measure: () => {
    const lines = benchmark()
      .split('\n')
      .filter((line) => line.startsWith('- '))
      .map((line) => line.slice(2))
    const differing = lines.filter((line) => line.startsWith('differs'))
    return { figure: lines.join('; '), isMet: differing.length === 0 && lines.length > 0 }
  },
})
