import type { SegmentDefinition } from '../live/segment-definition.ts'
import type { LiveModel } from './live-model.ts'
import { placedScore } from './placed-values.ts'

/**
 * The segments of families as live ones. One whose id somebody declared otherwise is left out: what people wrote goes before
 * what models found.
 *
 * @param taken ids of declared segments
 */
export const placedSegments = (
  models: readonly LiveModel[],
  taken: ReadonlySet<string>,
): readonly (SegmentDefinition & { readonly version: number })[] =>
  models.flatMap(({ modelId, segments }) =>
    segments.flatMap(({ id, name, words }, at) =>
      taken.has(id)
        ? []
        : {
            ...{ id, name, words, version: versionOf(modelId) },
            rule: { score: placedScore({ modelId }), op: '=' as const, value: at + 1 },
          },
    ),
  )

/** Of 'segments-kmeans-3' it is 3. */
const versionOf = (modelId: string): number => Number(modelId.slice(modelId.lastIndexOf('-') + 1))
