/** What a golden file says of itself. */
export interface GoldenHead {
  /** Path from the root. */
  readonly file: string
  readonly program: string
  readonly versions: Readonly<Record<string, string>>
  readonly madeBy: string
  /** Method → page in docs/methods. */
  readonly methods: Readonly<Record<string, string>>
}

export function readGoldenHeads(): GoldenHead[]
export function goldenFaults(heads: readonly GoldenHead[]): string[]
