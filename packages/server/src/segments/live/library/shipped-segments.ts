import { behaviouralSegments } from './behavioural.ts'
import { demographicSegments } from './demographic.ts'
import { psychographicSegments } from './psychographic.ts'
import type { LibraryOptions, ShippedSegment } from './shipped-segment.ts'

/** The live segments that every store begins with: by what customers do, who they are, and what they care for. */
export const shippedSegments = (options: LibraryOptions = {}): readonly ShippedSegment[] => [
  ...behaviouralSegments(options),
  ...demographicSegments(options),
  ...psychographicSegments(options),
]
