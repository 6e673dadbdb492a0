import { loadavg } from 'node:os'
import { besidePeer, withoutPeer } from './peer-python.ts'
import { count, prove } from './record.ts'

interface Side {
  readonly name: string
  readonly version: string
  /** Of each run. */
  readonly seconds: readonly number[]
  readonly median: number
  readonly processor: number
  readonly megabytes: number
  readonly compared?: { readonly rows: number; readonly wrong: readonly string[] }
}

const [pairs, events] = [1_000_000, 20_000_000]

prove({
  name: 'features-training',
  claim: `fifty declared features of ${count(pairs)} (customer, moment) pairs, each as of its own moment, over ${count(events)} events: at least as fast as polars and twice as fast as pandas, in turn on the same machine, and every value equal`,
  cannot: withoutPeer,
  measure: () => {
    const waiting = loadavg()[0]!
    const size = ['--events', String(events), '--pairs', String(pairs), '--customers', '200000']
    const { sides } = JSON.parse(besidePeer('defined-features.mjs', '--pandas', '--json', ...size)) as {
      readonly sides: readonly [Side, Side, Side]
    }
    const [ours, polars, pandas] = sides
    const said = ({ name, version, seconds, median, processor, megabytes }: Side): string =>
      `${`${name} ${version}`.trim()} ${median.toFixed(1)} s (of ${seconds.map((run) => run.toFixed(1)).join(', ')}), ${processor.toFixed(0)} s of processor, ${count(megabytes)} MB`
    const times = (peer: Side): number => peer.median / ours.median
    const isEqual = [polars, pandas].every(({ compared }) => compared!.rows === pairs && compared!.wrong.length === 0)
    return {
      figure: `${sides.map(said).join('; ')}: ${times(polars).toFixed(2)}× polars, ${times(pandas).toFixed(2)}× pandas; ${isEqual ? 'all values equal' : 'values differ'}; ${waiting.toFixed(1)} others waiting for processors`,
      isMet: isEqual && times(polars) >= 1 && times(pandas) >= 2,
    }
  },
})
