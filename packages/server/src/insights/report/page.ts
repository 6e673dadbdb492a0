import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Analysis } from '../analysis.ts'
import type { Format } from './format.ts'
import { type Html, html, jsonForScript, trusted } from './html.ts'
import type { Section } from './section.ts'

const beside = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')
const echarts = (): string =>
  readFileSync(createRequire(import.meta.url).resolve('echarts/dist/echarts.min.js'), 'utf8')

/** The report's style sheet, for pages that look like it. */
export const reportStyle = (): string => beside('./report.css')

/** A script of ours, and the hash by which the page's policy lets it, and no other, run. */
function inlined(script: string): { readonly markup: Html; readonly allowed: string } {
  const text = script.replaceAll('</script', '<\\/script')
  const allowed = `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  return { markup: trusted(`<script>${text}</script>`), allowed }
}

/** One file that holds everything: no network, no storage, no script but its own two. */
export function pageOf(analysis: Analysis, sections: readonly Section[], format: Format): string {
  const library = inlined(echarts())
  const client = inlined(beside('./report.client.js'))
  const policy = `default-src 'none'; script-src ${library.allowed} ${client.allowed}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`
  const badge = analysis.simulated !== null && html`<span class="simulated">Simulated</span>`
  const title = `${analysis.simulated === null ? '' : 'Simulated: '}Your shop and its customers, ${format.date(analysis.asOf)}`
  const scenario =
    analysis.simulated === null ? '' : `A simulated shop (scenario ${analysis.simulated}): no real customer is in it. `
  const charts = Object.fromEntries(
    sections.flatMap(({ charts }) => charts.map(({ id, option }) => [id, { option, renderer: rendererOf(id) }])),
  )
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Rapport ${analysis.version}">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(beside('./report.css'))}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="masthead">
<h1>Your shop and its customers</h1>${badge}
<p>${scenario}${format.date(analysis.firstLook.from)} to ${format.date(analysis.asOf)}, amounts in ${format.currency}, times in ${format.timezone}</p>
<button id="theme" type="button" hidden>Dark theme</button>
</header>
<noscript><p class="missing">Charts are drawn by a script, which is off here. The numbers of each chart are in the table below it.</p></noscript>
<div class="layout">
<nav aria-label="Sections"><details class="contents" open><summary>Contents</summary><ol>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol></details></nav>
<main id="content" tabindex="-1">${sections.map(
    (section) => html`
<section id="${section.id}" aria-labelledby="${section.id}-title"><details class="fold" open>
<summary class="section-head"><h2 id="${section.id}-title">${section.title}</h2>${badge}</summary>
${section.html}
</details></section>`,
  )}
</main>
</div>
<footer>Made by Rapport ${analysis.version}. This file needs no network and sends nothing anywhere.</footer>
<span id="probe"></span>
<script type="application/json" id="charts">${jsonForScript({ currency: format.currency, charts })}</script>
${library.markup}
${client.markup}
</body>
</html>
`)
}

/** Thousands of points are quicker as pixels; everything else is sharper as vectors. */
const rendererOf = (id: string): 'canvas' | 'svg' => (id.endsWith('segment-map') ? 'canvas' : 'svg')
