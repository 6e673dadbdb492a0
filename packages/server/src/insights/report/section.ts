import type { Analysis } from '../analysis.ts'
import type { Chart } from './chart.ts'
import { type Format, sentence } from './format.ts'
import { type Html, html } from './html.ts'

/** One part of the report. */
export interface Section {
  /** Its anchor: lower-case letters and hyphens. */
  readonly id: string
  readonly title: string
  readonly html: Html
  /** Every chart that `html` has a place for. */
  readonly charts: readonly Chart[]
}

/** Null where an analysis has nothing of the kind, and nobody would look for it. */
export type SectionOf = (analysis: Analysis, format: Format) => Section | null

/** What stands where a result would be, when there is none. */
export const missing = (because: string): Html =>
  html`<p class="missing"><strong>Nothing to show yet.</strong> ${sentence(because)}</p>`

/** A term explained one click away. */
export const definition = (term: string, words: string): Html =>
  html`<details class="definition"><summary>Meaning<span class="unseen"> of ${term}</span></summary><p>${words}</p></details>`

/** A number with its name, and a line below it. */
export const tile = (label: string, value: Html | string, below?: Html | string | false): Html =>
  html`<div class="tile"><span class="label">${label}</span><span class="value">${value}</span>${
    below && html`<span class="below">${below}</span>`
  }</div>`
