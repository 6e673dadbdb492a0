import type { DiscoveredFamily, TaughtFamily } from '../../../segments/index.ts'
import type { Chart } from '../chart.ts'
import { dendrogram } from '../charts/dendrogram.ts'
import { linesChart } from '../charts/lines.ts'
import { rankedBars, rankedHeight } from '../charts/ranked-bars.ts'
import { counted, type Format, orWhy } from '../format.ts'
import { name } from '../html.ts'
import { tableOf } from '../table.ts'

type Candidate = DiscoveredFamily['groups']['candidates'][number]
type Tree = NonNullable<DiscoveredFamily['tree']>
type Quality = TaughtFamily['taught']['quality'][number]
type Taught = Extract<TaughtFamily['taught'], { found: true }>['segments'][number]

/**
 * Silhouette beside that of data without groups, and stability, by number of groups; null where one number was tried.
 *
 * @param chosen the number of groups that were made; null where there are none
 */
export function comparisonOf(
  candidates: readonly Candidate[],
  chosen: number | null,
  format: Format,
  prefix: string,
): Chart | null {
  const rows = candidates.filter(({ setting }) => setting === undefined)
  if (rows.length < 2) return null
  const line = (called: string, of: (row: Candidate) => number | null) => ({
    name: called,
    isMarked: true,
    points: rows.flatMap((row) => {
      const y = of(row)
      return y === null ? [] : [{ x: row.k, y, text: `${called}\n${format.fixed(y, 3)} with ${row.k} groups` }]
    }),
  })
  const lead = ({ silhouette, nullSilhouette }: Candidate): number => (silhouette ?? -1) - (nullSilhouette ?? 0)
  const best = rows.reduce((top, row) => (lead(row) > lead(top) ? row : top))
  const made = chosen === null ? 'no groups were made' : `${chosen} groups were made`
  const cell = (value: number | null) => orWhy(value, (known) => format.fixed(known, 3), 'not measured')
  return {
    id: `${prefix}comparison`,
    title: `What speaks for each number of groups (${made})`,
    summary: `${made}; the silhouette leads that without groups most with ${best.k}`,
    height: 300,
    option: linesChart({
      ...{ xName: 'groups', yName: 'index', style: 'decimal', xMin: rows[0]!.k, xMax: rows.at(-1)!.k },
      lines: [
        line('Silhouette', ({ silhouette }) => silhouette),
        line('Silhouette without groups', ({ nullSilhouette }) => nullSilhouette),
        line('Stability', ({ stability }) => stability),
      ],
      ...(rows.some(({ k }) => k === chosen) && { reference: { name: 'made', from: [chosen!, 0], to: [chosen!, 1] } }),
    }),
    table: tableOf(
      'Indices by number of groups',
      [
        { head: 'Groups', cell: ({ k }: Candidate) => k },
        { head: 'Silhouette', numeric: true, cell: ({ silhouette }) => cell(silhouette) },
        { head: 'Without groups', numeric: true, cell: ({ nullSilhouette }) => cell(nullSilhouette) },
        { head: 'Stability', numeric: true, cell: ({ stability }) => cell(stability) },
      ],
      rows,
    ),
  }
}

/** The top of the tree of merges. @param names of the segments, by position */
export function treeOf(tree: Tree, names: readonly string[], format: Format, prefix: string): Chart {
  const { leaves, merges, cutHeight, customers } = tree
  const sizes = leaves.map((leaf) => leaf.customers)
  for (const { left, right } of merges) sizes.push(sizes[left]! + sizes[right]!)
  const size = (node: number): string => counted(format, sizes[node]!, 'customer')
  const sides = merges.map(({ left, right, height }) => ({ left: size(left), right: size(right), height }))
  return {
    id: `${prefix}tree`,
    title: 'How customers were merged into groups (dashed: where the tree was cut)',
    summary: `the top of the tree of ${counted(format, customers, 'customer')}: ${leaves.length} branches, cut into ${names.length} groups at distance ${format.decimal(cutHeight)}`,
    height: 380,
    option: dendrogram(
      leaves.map(({ customers: own, segment }) => ({
        label: `${names[segment] ?? 'no segment'}\na branch of ${counted(format, own, 'customer')}`,
        segment,
      })),
      merges.map((merge, at) => ({
        ...merge,
        text: `${sides[at]!.left} and ${sides[at]!.right}\nmerged at distance ${format.decimal(merge.height)}`,
      })),
      cutHeight,
    ),
    table: tableOf(
      'Merges at the top of the tree, the last first',
      [
        { head: 'One side', cell: ({ left }) => left },
        { head: 'Other side', cell: ({ right }) => right },
        { head: 'Distance', numeric: true, cell: ({ height }) => format.fixed(height, 3) },
      ],
      sides.toReversed(),
    ),
  }
}

/** Predicted and observed shares of one class. */
export function calibrationOf(quality: Quality, format: Format, prefix: string): Chart {
  const { calibration } = quality
  return {
    id: `${prefix}calibration`,
    title: `Of those given a probability of “${quality.class}”, how many are (dashed: exactly as many)`,
    summary: `probabilities are off by ${format.percent(quality.calibrationError)} on average`,
    height: 300,
    option: linesChart({
      ...{ xName: 'probability given', yName: 'are', style: 'percent', xMin: 0, xMax: 1, yMin: 0, yMax: 1 },
      reference: { name: 'exact', from: [0, 0], to: [1, 1] },
      lines: [
        {
          name: quality.class,
          isMarked: true,
          intervals: calibration,
          points: calibration.map(({ predicted, observed, count }) => ({
            x: predicted,
            y: observed,
            text: `${counted(format, count, 'customer')}\n${format.percent(predicted)} given, ${format.percent(observed)} are`,
          })),
        },
      ],
    }),
    table: tableOf(
      'Probability given and share observed, with its 95 % interval',
      [
        { head: 'Given', cell: ({ predicted }) => format.percent(predicted) },
        { head: 'Observed', numeric: true, cell: ({ observed }) => format.percent(observed) },
        { head: 'Low', numeric: true, cell: ({ low }) => format.percent(low) },
        { head: 'High', numeric: true, cell: ({ high }) => format.percent(high) },
        { head: 'Customers', numeric: true, cell: ({ count }) => format.count(count) },
      ],
      calibration,
    ),
  }
}

/** What the model goes by for one segment. */
export function driversChart({ name: called, drivers }: Taught, at: number, format: Format, prefix: string): Chart {
  const words = (isMoreFor: boolean | null): string =>
    isMoreFor === null
      ? 'now the one, now the other'
      : isMoreFor
        ? 'more of it speaks for it'
        : 'less of it speaks for it'
  const bars = drivers.map(({ label, share, isMoreFor }) => ({
    label,
    value: share,
    text: `${label}\n${format.percent(share)} of all effects; ${words(isMoreFor)}`,
  }))
  return {
    id: `${prefix}drivers-${at + 1}`,
    title: `What the model goes by for ${called}`,
    summary: drivers[0]
      ? `${drivers[0].label} counts most: ${format.percent(drivers[0].share)} of all effects`
      : 'nothing counts',
    height: rankedHeight(bars),
    option: rankedBars(bars, 'percent', 150),
    table: tableOf(
      'Shares of the effects of all features',
      [
        { head: 'Feature', cell: ({ label }) => name(label) },
        { head: 'Share', numeric: true, cell: ({ share }) => format.percent(share) },
        { head: 'How', cell: ({ isMoreFor }) => words(isMoreFor) },
      ],
      drivers,
    ),
  }
}
