import { type Html, html } from '../../insights/index.ts'
import type { JsonSchema } from './json-schemas.ts'
import type { OpenApiDocument, Operation } from './openapi-document.ts'

/** The documents to read: plain HTML, without a script. */
export function docsPage({ info, tags, paths, components }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rapport: HTTP API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<h1>HTTP API</h1>
<p>${String(info['description'])} The same for programs: <a href="/openapi.json">openapi.json</a>.</p>
<nav aria-label="Contents"><ul>${tags.map(({ name }) => html`<li><a href="#${name}">${name}</a></li>`)}<li><a href="#schemas">schemas</a></li></ul></nav>
<main>${tags.map(
    ({ name }) => html`
<section id="${name}"><h2>${name}</h2>${operations
      .filter(({ operation }) => operation.tags.includes(name))
      .map(({ path, method, operation }) => section(path, method, operation))}
</section>`,
  )}
<section id="schemas"><h2>schemas</h2>${Object.entries(components.schemas).map(
    ([name, schema]) => html`
<details id="schema-${name}"><summary>${name}</summary><pre>${JSON.stringify(schema, null, 2)}</pre></details>`,
  )}
</section>
</main>
</body>
</html>
`)
}

function section(path: string, method: string, operation: Operation): Html {
  const { summary, security, parameters, requestBody, responses } = operation
  const needs = security.map((each) => Object.entries(each).map(([scheme, needed]) => [scheme, ...needed].join(' ')))
  return html`
<article><h3><code>${method} ${path}</code></h3><p>${summary}.</p>
<dl><dt>Needs</dt><dd>${needs.length === 0 ? 'nothing' : needs.flat().join(', or ')}</dd>${parameters.map(
    ({ name, in: place, description, schema }) => html`
<dt><code>${name}</code> (${place})</dt><dd>${[description, schema['type']].filter(Boolean).join(': ')}</dd>`,
  )}${
    requestBody &&
    html`
<dt>Body</dt><dd>${contents(requestBody.content)}</dd>`
  }${Object.entries(responses).map(
    ([status, { description, content }]) => html`
<dt>${status}</dt><dd>${description}${content && html`: ${contents(content)}`}</dd>`,
  )}</dl></article>`
}

const contents = (content: Readonly<Record<string, { readonly schema?: JsonSchema }>>): Html[] =>
  Object.entries(content).map(([type, { schema }]) => {
    const name = typeof schema?.['$ref'] === 'string' ? schema['$ref'].split('/').at(-1)! : undefined
    return name === undefined ? html`${type}` : html`<a href="#schema-${name}">${name}</a>`
  })
