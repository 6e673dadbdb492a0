import { RapportError } from '@rapport/numerics'
import { binsColumnNames, type FittedBins, fitBins, writeBins } from './fitted-bins.ts'
import {
  type FittedInteractions,
  fitInteractions,
  interactionColumnNames,
  writeInteractions,
} from './fitted-interactions.ts'
import { type FittedNeighbours, fitNeighbours, neighboursColumnNames, writeNeighbours } from './fitted-neighbours.ts'
import { type FittedNumber, fitNumber, numberColumnNames, writeNumber } from './fitted-number.ts'
import { type FittedText, fitText, textColumnNames, writeText } from './fitted-text.ts'
import type { PreparationPlan } from './plan.ts'
import { columnNamed, type Table } from './table.ts'

/** What became of one column of a plan's step, or of columns that go together. */
export type FittedStep = FittedNumber | FittedNeighbours | FittedBins | FittedInteractions | FittedText

/** Fits all columns of a step of the plan. */
export function fitStep(
  of: Table,
  step: PreparationPlan[number],
  targets: ArrayLike<number> | undefined,
): FittedStep[] {
  if (step.columns.length === 0) return []
  if (step.kind === 'interactions') return [fitInteractions(of, step)]
  if (step.kind === 'bins') return step.columns.map((name) => fitBins(columnNamed(of, name, 'number'), step))
  if (step.kind === 'number') {
    const impute = step.impute ?? 'median'
    if (impute === 'neighbours') return [fitNeighbours(of, step)]
    return step.columns.map((name) => fitNumber(columnNamed(of, name, 'number'), step, impute))
  }
  return step.columns.map((name) => {
    if (step.encode === 'target' && targets === undefined) {
      throw new RapportError('preparation.targets', `target encoding of ${name} needs targets, got none`)
    }
    return fitText(columnNamed(of, name, 'text'), step, targets)
  })
}

/** Names of the matrix columns that a step fills. */
export function stepColumnNames(step: FittedStep): string[] {
  switch (step.kind) {
    case 'number':
      return numberColumnNames(step)
    case 'neighbours':
      return neighboursColumnNames(step)
    case 'bins':
      return binsColumnNames(step)
    case 'interactions':
      return interactionColumnNames(step)
    case 'text':
      return textColumnNames(step)
  }
}

/** Writes a step's columns into `values`, `[n × width]`, from column `first` on. */
export function writeStep(step: FittedStep, of: Table, values: Float64Array, width: number, first: number): void {
  switch (step.kind) {
    case 'number':
      writeNumber(step, columnNamed(of, step.name, 'number').values, values, width, first)
      return
    case 'neighbours':
      writeNeighbours(step, of, values, width, first)
      return
    case 'bins':
      writeBins(step, columnNamed(of, step.name, 'number').values, values, width, first)
      return
    case 'interactions':
      writeInteractions(step, of, values, width, first)
      return
    case 'text':
      writeText(step, columnNamed(of, step.name, 'text').values, values, width, first)
  }
}
