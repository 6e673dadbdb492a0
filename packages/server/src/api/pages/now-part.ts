import { saidWithUnit } from '../../base/index.ts'
import { type Html, html, name } from '../../insights/index.ts'
import type { CustomerNow } from '../../segments/index.ts'
import { part } from './layout.ts'

/** Live segments of a customer with what speaks for them, and declared features; nothing where nothing is declared. */
export function nowPart({ segments, features, isReady }: CustomerNow): Html | false {
  const known = features.filter(({ value }) => value !== null)
  if (segments.length === 0 && known.length === 0) return false
  return part(
    'now',
    'True now',
    html`${!isReady && html`<p class="cautions">History is still being read: segments may be missing.</p>`}
${
  segments.length > 0 &&
  html`<ul class="now">${segments.map(
    ({ id, name: called, reasons }) =>
      html`<li><a href="/segments/live/${encodeURIComponent(id)}">${name(called)}</a>${reasons.map((reason) => html`<span class="beside">${reason}</span>`)}</li>`,
  )}</ul>`
}
${
  known.length > 0 &&
  html`<dl class="facts">${known.map(
    ({ label, value, unit }) =>
      html`<dt>${label.charAt(0).toUpperCase() + label.slice(1)}</dt><dd>${saidWithUnit(value!, unit)}</dd>`,
  )}</dl>`
}`,
  )
}
