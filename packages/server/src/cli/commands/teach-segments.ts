import { join } from 'node:path'
import { RapportError } from '../../base/index.ts'
import { readLabelList, type TaughtFamily, type TeachRequest } from '../../segments/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { Given, OptionSpecs, Outcome, Surroundings } from '../command.ts'
import { textOf } from '../read-file.ts'
import type { MakeFamily } from '../serve.ts'
import { textTable } from '../text-table.ts'
import { featuresOf } from './discover-segments.ts'

export const teachOptions: OptionSpecs = {
  labels: {
    type: 'string',
    value: 'FILE',
    description: 'CSV with customer_id and label: yes and no, or up to ten classes, that teach extends',
  },
  segment: { type: 'string', value: 'ID', description: 'segment whose like teach looks for' },
  threshold: { type: 'string', value: 'P', description: 'probability from which on teach adds (default: chosen)' },
}

export async function teachSegments(
  warehouse: Warehouse,
  { store, given, path, work }: Surroundings,
  make: MakeFamily,
): Promise<Outcome> {
  const name = given.text('name')
  if (name === undefined) throw new RapportError('cli.option', 'segments teach must be given --name, got none')
  const threshold = probability(given)
  const request: TeachRequest = {
    ...{ name, from: sourceOf(given, path), seed: given.whole('seed', 0)!, ...featuresOf(given) },
    ...(threshold !== undefined && { threshold }),
  }
  const taught = (await make(
    warehouse,
    { kind: 'teach', ...request },
    join(store, 'report.html'),
    work,
  )) as TaughtFamily
  return { document: taught, text: describeTaught(taught) }
}

function sourceOf(given: Given, path: Surroundings['path']): TeachRequest['from'] {
  const [shown, id] = [given.text('labels'), given.text('segment')]
  if ((shown === undefined) === (id === undefined)) {
    const got = shown === undefined ? 'neither' : 'both'
    throw new RapportError('cli.option', `segments teach must be given --labels or --segment, got ${got}`)
  }
  if (id !== undefined) return { kind: 'segment', id }
  return { kind: 'list', list: readLabelList(textOf(path(shown!), shown!), shown!), shown: shown! }
}

function probability(given: Given): number | undefined {
  const text = given.text('threshold')
  if (text === undefined) return undefined
  const value = Number(text)
  if (value > 0 && value < 1) return value
  throw new RapportError('cli.option', `--threshold must be a probability between 0 and 1, got ${text}`)
}

function describeTaught({ taught, labelled, leaks, areLeaksLeftOut, notes, refresh }: TaughtFamily): string {
  const leaked = leaks.map(({ feature, auc }) => `${feature} (${auc.toFixed(3)})`).join(', ')
  const parts = [
    `labelled: ${labelled.map((one) => `${one.customers} ${one.class}`).join(', ')}`,
    leaks.length > 0 &&
      `${areLeaksLeftOut ? 'left out, as it alone' : 'kept, as asked for, though it alone'} all but says the label (area under the ROC curve): ${leaked}`,
    textTable(
      [...taught.candidates, { name: 'everybody alike', logLoss: taught.baselineLogLoss }],
      [
        { title: 'model', value: ({ name }) => name },
        { title: 'log loss, cross-validated', value: ({ logLoss }) => logLoss.toFixed(4), align: 'right' },
      ],
    ),
    `${taught.chosen}: ${taught.chosenBecause}`,
    textTable(taught.quality, [
      { title: 'class', value: (one) => one.class },
      { title: 'AUC', value: ({ auc }) => `${auc.value.toFixed(3)} (${auc.low.toFixed(3)} to ${auc.high.toFixed(3)})` },
      { title: 'from', value: ({ threshold }) => threshold.toFixed(3), align: 'right' },
      { title: 'precision', value: ({ precision }) => precision?.toFixed(3) ?? 'nobody', align: 'right' },
      { title: 'by chance', value: ({ baselinePrecision }) => baselinePrecision.toFixed(3), align: 'right' },
      { title: 'recall', value: ({ recall }) => recall.toFixed(3), align: 'right' },
      { title: 'Brier', value: ({ brier }) => brier.toFixed(4), align: 'right' },
      { title: 'alike', value: ({ baselineBrier }) => baselineBrier.toFixed(4), align: 'right' },
      { title: 'calibration error', value: (one) => one.calibrationError.toFixed(3), align: 'right' },
    ]),
    ...notes,
    ...(taught.found
      ? [
          textTable(taught.segments, [
            { title: 'segment', value: ({ id }) => id },
            { title: 'name', value: (one) => one.name },
            { title: 'customers', value: ({ customers }) => customers.toLocaleString('en'), align: 'right' },
            { title: 'labelled', value: (one) => one.labelled.toLocaleString('en'), align: 'right' },
            { title: 'added', value: ({ added }) => added.toLocaleString('en'), align: 'right' },
          ]),
          ...taught.segments.map(
            ({ name, drivers }) =>
              `${name} goes by ${drivers.map(({ label, share, isMoreFor }) => `${isMoreFor === null ? '' : isMoreFor ? 'more ' : 'less '}${label} ${Math.round(100 * share)} %`).join(', ')}`,
          ),
          refresh,
        ]
      : [`no segment: ${taught.reason}`]),
  ]
  return parts.filter(Boolean).join('\n\n')
}
