// Who may import whom. One list of rooms, lowest line first; the rules are made from it.
const layers = [
  ['base'],
  ['warehouse', 'state'],
  ['access'],
  ['jobs', 'identity', 'consent'],
  ['ingestion'],
  ['features', 'quality'],
  ['rules'],
  ['segments', 'predictions', 'recommendations', 'voice', 'experiments'],
  ['decisions', 'content', 'fairness', 'measurement'],
  ['channels', 'assistant'],
  ['campaigns'],
  ['insights', 'demo', 'operation'],
  ['api', 'cli'],
]
const server = '^packages/server/src'
const rooms = (list) => list.flat().join('|')
const isTest = '\\.(test|contract)\\.ts$'

module.exports = {
  forbidden: [
    {
      name: 'through-the-front-door',
      comment: 'Import a room by its index.ts; if what you need is not there, export it there or move it down.',
      severity: 'error',
      from: { path: `${server}/([^/]+)/`, pathNot: isTest },
      to: { path: `${server}/[^/]+/`, pathNot: [`${server}/$1/`, `${server}/[^/]+/index\\.ts$`] },
    },
    ...layers.map((here, level) => ({
      name: `line-${level}-only-downwards`,
      comment:
        'A room imports rooms of lower lines only: move the shared piece down, or declare a port wired in app.ts.',
      severity: 'error',
      from: { path: `${server}/(${rooms([here])})/`, pathNot: isTest },
      to: { path: `${server}/(${rooms(layers.slice(level))})/`, pathNot: `${server}/$1/` },
    })),
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one concept or hide a third: split it out.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'numerics-is-pure',
      comment: 'numerics imports nothing; Node-only code lives in pool/node.ts, chosen by export condition.',
      severity: 'error',
      from: { path: '^packages/numerics/src', pathNot: ['pool/node\\.ts$', isTest] },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    {
      name: 'learn-imports-numerics-only',
      comment: 'learn is pure: put input, output and storage into a room of the server.',
      severity: 'error',
      from: { path: '^packages/learn/src', pathNot: isTest },
      to: { dependencyTypes: ['core', 'npm'], pathNot: 'packages/numerics' },
    },
    {
      name: 'protocol-is-a-leaf',
      comment: 'protocol knows schemas only.',
      severity: 'error',
      from: { path: '^packages/protocol/src' },
      to: { path: '^packages/(numerics|learn|server|browser)/' },
    },
    {
      name: 'browser-loads-nothing',
      comment: 'Pages load every byte of the SDK: write it there, or import a type of protocol.',
      severity: 'error',
      from: { path: '^packages/browser/src', pathNot: isTest },
      to: { pathNot: '^packages/browser/src', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'one-owner-of-the-warehouse',
      comment:
        'Only warehouse opens DuckDB (and ingestion its separate in-memory reader): two opens of one file lose rows.',
      severity: 'error',
      from: { path: server, pathNot: [`${server}/warehouse/`] },
      to: { path: '@duckdb/node-api' },
    },
    {
      name: 'not-to-unlisted',
      comment: 'Add the package to the package.json of the package that imports it.',
      severity: 'error',
      from: { path: '^packages', pathNot: isTest },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|dist' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: `${__dirname}/tsconfig.check.json` },
    enhancedResolveOptions: {
      conditionNames: ['@rapport/source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
    exclude: { path: 'node_modules/.cache' },
  },
}
