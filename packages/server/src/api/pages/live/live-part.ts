import { type Html, html } from '../../../insights/index.ts'

/**
 * What happens now: the frame, which `live.client.js` fills and keeps up to date. Without a script it says where the same is to
 * be read.
 */
export const livePart = (): Html => html`<section id="now" aria-labelledby="now-title" data-stream="/v1/live">
<div class="section-head"><h2 id="now-title">Now</h2><span class="pulse" id="now-state" role="status" data-state="waiting">connecting…</span></div>
<noscript><p class="missing">This part is drawn by a script. <code>GET /v1/live</code> says the same.</p></noscript>
<div class="tiles now-tiles">
${liveTile('revenue', 'Revenue today')}
${liveTile('orders', 'Orders today')}
${liveTile('average', 'Average order today')}
${liveTile('active', 'Active customers')}
${liveTile('rate', 'Events a second')}
</div>
<div id="now-anomalies" class="now-anomalies" aria-live="polite"></div>
<div class="now-charts">
${chart('revenue', 'Revenue over the day')}
${chart('orders', 'Orders over the day')}
</div>
<p class="beside" id="now-usual"></p>
<div class="now-charts now-lower">
${chart('seconds', 'Events in the last two minutes')}
<div class="now-mix"><h3>What comes <span class="of">in the last hour</span></h3><ol id="now-mix-events" class="now-bars"></ol>
<h3>From where</h3><ol id="now-mix-sources" class="now-bars"></ol></div>
<div class="now-feed"><h3>Who moves between segments</h3><ol id="now-movements" class="now-list"></ol></div>
</div>
</section>`

const liveTile = (id: string, label: string): Html =>
  html`<div class="tile"><span class="label">${label}</span><span class="value" id="now-${id}">–</span><span class="below" id="now-${id}-below"></span></div>`

const chart = (id: string, title: string): Html =>
  html`<figure class="now-chart"><figcaption><h3>${title}</h3><span class="beside" id="now-${id}-words"></span></figcaption><div class="now-plot" id="now-${id}-plot"></div>${
    id !== 'seconds' &&
    html`<details><summary>As a table</summary><div class="now-table" id="now-${id}-table" tabindex="0" role="region" aria-label="${title}, hour by hour"></div></details>`
  }</figure>`
