import { version } from '../../base/index.ts'
import { type Content, type Html, html, type StoreFacts } from '../../insights/index.ts'
import { assets } from './assets.ts'
import { momentsIn } from './moments.ts'

/** Where the pages lead to, in the order of the menu. */
const places = [
  { id: 'overview', href: '/', label: 'Overview' },
  { id: 'customers', href: '/customers', label: 'Customers' },
  { id: 'segments', href: '/segments', label: 'Segments' },
  { id: 'report', href: '/report', label: 'Report' },
  { id: 'jobs', href: '/jobs', label: 'Jobs' },
] as const

export interface Page {
  readonly title: string
  /** Which entry of the menu it belongs to; none for a page that says what went wrong. */
  readonly place?: (typeof places)[number]['id']
  /** Below the title. */
  readonly lead?: Content
  readonly main: Content
  /** A script that only this page runs. */
  readonly script?: (typeof assets)['live']
}

/** A whole page. Nothing in it runs or is styled inline: a policy forbids it. @param facts unknown where nobody is known */
export function pageOf({ title, place, lead, main, script }: Page, facts: StoreFacts | null): string {
  const isDemo = facts !== null && facts.simulated !== null
  const badge = isDemo && html` <span class="simulated">Simulated</span>`
  const menu = places.map(
    ({ id, href, label }) => html`<li><a href="${href}"${id === place && html` aria-current="page"`}>${label}</a></li>`,
  )
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${isDemo && 'Simulated: '}${title} · Rapport</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${assets.style.path}">
<script src="${assets.script.path}" defer></script>${script && html`<script src="${script.path}" defer></script>`}
</head>
<body class="pages">
<a class="skip" href="#content">Skip to the content</a>
<header class="bar"><a class="brand" href="/">Rapport</a>
<nav aria-label="Main">${facts !== null && html`<ul>${menu}</ul>`}</nav>
${facts !== null && html`<a href="/account">Account</a>`}
<button id="theme" type="button" hidden>Dark theme</button></header>
${isDemo && html`<p class="demo" role="note"><strong>This is a demo.</strong> A simulated shop (scenario ${facts.simulated}): no real customer is in it.</p>`}
<main id="content" tabindex="-1">
<div class="head"><h1>${title}</h1>${badge}${lead && html`<p class="lead">${lead}</p>`}</div>
${main}
</main>
<footer>${facts !== null && html`Times are of the time zone ${momentsIn(facts.timezone).timezone}. `}Rapport ${version}, on your own machine: this page loads nothing from anywhere else.</footer>
</body>
</html>
`)
}

/** A part of a page with its heading. */
export const part = (id: string, title: string, content: Content, beside?: Content): Html =>
  html`<section aria-labelledby="${id}-title"><div class="section-head"><h2 id="${id}-title">${title}</h2>${beside}</div>
${content}</section>`

/** What stands where there is nothing to show: says what to do next. */
export const nothing = (title: string, content: Content): Html =>
  html`<div class="missing"><p><strong>${title}</strong></p>${content}</div>`
