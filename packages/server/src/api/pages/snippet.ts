import { type Html, html } from '../../insights/index.ts'

/** Where events go, and with which key. */
export interface Connection {
  /** `https://collect.example.com` */
  readonly url: string
  /** Public by nature; null when every one is revoked. */
  readonly writeKey: string | null
}

/** Takes calls until the SDK is there; as packages/browser/README.md has it. */
const waiting = `!function(w,q){w.analytics||(q=[],w.analytics=new Proxy({},{get:function(_,m){return m=='calls'?q:function(){
  q.push([m,[].slice.call(arguments),Date.now(),location.href,document.title,document.referrer])}}}))}(window);`

/** What to put into a page. @example snippetOf({ url: 'https://a.example', writeKey: 'wk_1' }) */
export const snippetOf = ({ url, writeKey }: Connection): string => `<script>
  ${waiting}
  analytics.load(${textOf(writeKey ?? 'WRITE_KEY')}, { host: ${textOf(url)}, pages: 'all' })
</script>
<script async src="${url}/sdk.js"></script>`

export const curlOf = ({ url, writeKey }: Connection): string => `curl ${url}/v1/track -u ${writeKey ?? 'WRITE_KEY'}: \\
  -H 'content-type: application/json' \\
  -d '{"userId":"ann","event":"Product Viewed","properties":{"product_id":"p1"}}'`

const textOf = (text: string): string => `'${text.replace(/[^\w.:/[\]-]/g, '')}'`

/** How events get here, ready to be copied. */
export function howToSend(connection: Connection): Html {
  return html`${
    connection.writeKey === null &&
    html`<p class="missing">There is no write key that holds. <code>npx rapport keys create write NAME</code> makes one.</p>`
  }
<h3>From your site</h3>
<p>Before the end of <code>&lt;head&gt;</code>:</p>
${copyable('snippet', 'The snippet for a page', snippetOf(connection))}
<h3>From a program</h3>
${copyable('curl', 'The curl line', curlOf(connection))}
<p>Any SDK that speaks the Segment spec works too: set its host to <code>${connection.url}</code> and its write key to <code>${connection.writeKey ?? 'WRITE_KEY'}</code>.</p>`
}

const copyable = (id: string, label: string, text: string): Html =>
  html`<div class="copy"><pre id="${id}" tabindex="0" aria-label="${label}"><code>${text}</code></pre><button type="button" data-copy="${id}" hidden>Copy</button></div>`
