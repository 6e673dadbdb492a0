import type { Problem } from '@rapport/protocol'
import { html, sentence } from '../../insights/index.ts'
import type { Page } from './layout.ts'

const titles: Readonly<Record<number, string>> = {
  401: 'This needs a link',
  403: 'This is not for you to see',
  404: 'There is no such page',
}

/** What went wrong, and what to do about it. */
export const problemPage = ({ status, title, detail, code }: Problem): Page => ({
  title: titles[status] ?? title,
  main: html`<section aria-label="What went wrong"><p>${sentence(detail)}</p>
${
  status === 401
    ? html`<p>On the machine that runs Rapport:</p><pre tabindex="0" aria-label="Command"><code>npx rapport open</code></pre><p>It prints a link that opens this in your browser, once, within an hour. Or <a href="/login">log in</a>.</p>`
    : html`<p><a href="/">To the overview</a></p>`
}<p class="beside">${code}</p></section>`,
})
