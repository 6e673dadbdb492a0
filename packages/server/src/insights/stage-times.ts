import { elapsedMs, type Work, within } from '../base/index.ts'
import type { StageTime } from './analysis.ts'

/** A stage of the analysis. */
export interface Stage {
  readonly name: string
  /** Stages that run at the same time. */
  readonly beside?: readonly string[]
}

/** Runs a stage under its name and notes how long it took, in `times`, as stages end. */
export interface StageTimer {
  /** @param from whose progress it tells of. Default that of the whole analysis */
  timed<Result>(stage: string, run: (work: Work) => Promise<Result>, from?: Work): Promise<Result>
  readonly times: readonly StageTime[]
}

export function timeStages(total: number, work: Work | undefined): StageTimer {
  const times: StageTime[] = []
  return {
    times,
    async timed(stage, run, from = work) {
      const began = elapsedMs()
      from?.onProgress?.({ stage, done: times.length, total })
      const result = await run(within(from, stage))
      times.push({ stage, seconds: (elapsedMs() - began) / 1000 })
      return result
    },
  }
}

/** A bar shows one thing at a time: work that is behind is heard of once what is in front has yielded. */
export function inFront(work: Work | undefined): { readonly behind: Work; readonly yield: () => void } {
  let isDone = false
  const { signal, onProgress } = work ?? {}
  return {
    behind: {
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress: (progress) => isDone && onProgress(progress) } : {}),
    },
    yield: () => {
      isDone = true
    },
  }
}

/** The times in the order of the stages, with what each ran beside. */
export const inOrder = (times: readonly StageTime[], stages: readonly Stage[]): StageTime[] =>
  stages.flatMap(({ name, beside }) =>
    times.filter(({ stage }) => stage === name).map((time) => (beside ? { ...time, beside } : time)),
  )
