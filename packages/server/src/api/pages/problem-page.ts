import type { Problem } from '@rapport/protocol'
import { html, sentence } from '../../insights/index.ts'
import type { Page } from './layout.ts'

const titles: Readonly<Record<number, string>> = {
  401: 'You are not logged in',
  403: 'This is not for you to see',
  404: 'There is no such page',
}

/** What went wrong, and what to do about it. @param wanted path of the page asked for, to which a login leads */
export const problemPage = ({ status, title, detail, code }: Problem, wanted: string): Page => ({
  title: titles[status] ?? title,
  main: html`<section aria-label="What went wrong"><p>${sentence(detail)}</p>
${
  status === 401
    ? html`<div class="actions"><a class="button" href="/login?next=${encodeURIComponent(wanted)}">Log in</a></div><p>Or without a password, on the machine that runs Rapport:</p><pre tabindex="0" aria-label="Command"><code>npx rapport open</code></pre><p>It prints a link that opens this in your browser, once, within an hour.</p>`
    : html`<p><a href="/">To the overview</a></p>`
}<p class="beside">${code}</p></section>`,
})
