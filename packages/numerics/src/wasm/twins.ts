import { binValues } from './bin-values.ts'
import { squaredDistance } from './distance.ts'
import { gradientPairs } from './gradient-pairs.ts'
import { buildHistograms } from './histogram.ts'
import { addToRows, partitionRows } from './partition-rows.ts'
import type { Twin } from './twin.ts'

/** Every kernel's twin, by the name that assembly/index.ts exports: the one list of kernels there is. */
export const twins = {
  addToRows,
  binValues,
  buildHistograms,
  gradientPairs,
  partitionRows,
  squaredDistance,
} satisfies Record<string, Twin>

export type KernelName = keyof typeof twins
