import type { Progress, Work } from '@rapport/numerics'

/** Passes a step's progress on under the name of the step, so that nested work reads well: `segments: k-means start`. */
export function within(work: Work | undefined, step: string): Work {
  const { signal, onProgress } = work ?? {}
  return {
    ...(signal ? { signal } : {}),
    ...(onProgress
      ? { onProgress: (progress: Progress) => onProgress({ ...progress, stage: `${step}: ${progress.stage}` }) }
      : {}),
  }
}
