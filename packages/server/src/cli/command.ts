import type { Work } from '../base/index.ts'

/** An option of a command, as its help shows it. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean'
  /** What stands for the value in the help: `DIR`, `N`. */
  readonly value?: string
  readonly description: string
  readonly default?: string
  /** May be given more than once. */
  readonly multiple?: boolean
  readonly choices?: readonly string[]
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>

/** What the user gave, checked against the command's declaration. */
export interface Given {
  /** Words after the command's name, in order. */
  readonly words: readonly string[]
  text(name: string): string | undefined
  texts(name: string): readonly string[]
  flag(name: string): boolean
  /** A whole number. @throws RapportError `cli.option` when it is none or below `least` */
  whole(name: string, least: number): number | undefined
}

/** Where a command runs: what it may touch of the world outside the store. */
export interface Surroundings {
  /** The store's folder. */
  readonly store: string
  readonly given: Given
  readonly work: Work
  /** Whether somebody sits at a terminal and can answer. */
  readonly isInteractive: boolean
  /** Says something to the person on standard error, between progress bars. */
  tell(text: string): void
  /** Asks a yes/no question; false when nobody can answer. */
  ask(question: string): Promise<boolean>
  /** A path as the user gave it, as this process can open it. */
  path(text: string): string
}

/** What a command found: one JSON document for `--json`, and the same as text for people. */
export interface Outcome {
  readonly document: unknown
  readonly text: string
  /** Whether the command line ends with 1 though all was found out: something that was looked at fails. */
  readonly isFailure?: boolean
}

export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** The words it takes: `KIND FILE…`. */
  readonly words?: string
  /** What the help says below the options. */
  readonly details?: string
  readonly options: OptionSpecs
  /** True when it runs in this process even while a server has the store open: it opens no store, or is the server. */
  readonly isLocal?: boolean
  readonly run: (surroundings: Surroundings) => Promise<Outcome>
}
