import type { Configuration, Work } from '../base/index.ts'
import type { Privacy } from '../consent/index.ts'
import type { EventLog, TrackingPlan } from '../ingestion/index.ts'
import type { Analysis, AnalyzeOptions } from '../insights/index.ts'
import type {
  Answers,
  FitRequest,
  PredictionsResult,
  Question,
  TrainedOne,
  TrainRequest,
} from '../predictions/index.ts'
import type { FamilyRequest, FamilyResult, LiveCopy } from '../segments/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'

export interface ServeOptions {
  readonly configuration: Configuration
  /** Path of the report. */
  readonly report: string
  /** Told of what goes wrong while it serves, for the operator. */
  readonly tell: (text: string) => void
}

/** A store that is served over HTTP. */
export interface Serving {
  readonly url: string
  /** Where it listens on this machine: behind a proxy others know it by another. */
  readonly port: number
  /** A link that opens the report in a browser, once. */
  readonly link: string
  readonly writeKey: string
  /** For commands of this process that write to it. */
  readonly log: EventLog
  /** For commands of this process that declare events. */
  readonly plan: TrackingPlan
  /** The copy of declared features and segments that serves just now. */
  readonly live: () => LiveCopy
  /** Resolves when the live copy has taken in what was before the start, or could not. */
  whole(): Promise<void>
  /** Has it look at what is declared; it does not wait until everybody was looked at. */
  declared(): Promise<void>
  /** Appends calls to the event log; identities and consents have followed when it resolves. */
  record(calls: readonly object[]): Promise<void>
  /** Says that it is about to end to those who send it requests, and answers for as long as they need to hear it. */
  drain(): Promise<void>
  /** Export and erasure of customers, for commands beside the server. */
  readonly privacy: Privacy
  /** Answers what runs, puts everything on disk, and resolves. */
  stop(): Promise<void>
}

/** Runs the whole analysis and writes its report to the path `report`. */
export type AnalyzeStore = (
  warehouse: Warehouse,
  options: AnalyzeOptions,
  report: string,
  work: Work,
) => Promise<Analysis>

/** Makes a family of segments and shows it in the report at the path `report`. */
export type MakeFamily = (
  warehouse: Warehouse,
  request: FamilyRequest,
  report: string,
  work: Work,
) => Promise<FamilyResult>

/** Long work of predictions. */
export interface PredictStore {
  readonly trainApart: (warehouse: Warehouse, request: TrainRequest, work: Work) => Promise<readonly TrainedOne[]>
  readonly fitApart: (warehouse: Warehouse, request: FitRequest, work: Work) => Promise<PredictionsResult>
  readonly answerApart: <What extends keyof Answers>(
    warehouse: Warehouse,
    question: Question<What>,
    work: Work,
  ) => Promise<Answers[What]>
}

/** Serves an open store; made in `serve-store.ts`, where the rooms are put together. */
export type Serve = (warehouse: Warehouse, options: ServeOptions) => Promise<Serving>

/** Export and erasure for a command on a store that no server has open; made in `privacy.ts`. */
export type OpenPrivacy = (warehouse: Warehouse, state: State, configuration: Configuration) => Promise<Privacy>
