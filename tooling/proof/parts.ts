/**
 * The tables of docs/proof.md in their order: the word that its rows begin with, and its heading. All rows of a part are
 * declared in one file.
 */
export const parts = {
  retail: 'Online Retail II 2009: every line accounted for',
  mapping: 'Proposed mappings',
  job: 'The main job, side by side with Python',
  cdnow: 'CDNOW: lifetime models',
  rfm: 'RFM example orders',
  mall: 'Mall customers: k-means',
  telco: 'Telco churn: classifiers',
  leads: 'Leads: classifiers',
  shoppers: 'Online shoppers: classifiers',
  adult: 'Adult: classifiers',
  bandits: 'Policies valued on the logs of others',
  stats: 'Statistics beside published figures',
  movielens: 'MovieLens 100K: recommenders',
  uplift: 'Hillstrom e-mail test: uplift',
  predict: 'Predictions from the command line',
  demo: 'Demo shop, beside an oracle that knows the truth',
  segments: 'Segments by any method',
  equal: 'Equality with scikit-learn',
  methods: 'Every method beside its reference',
  contract: 'Every estimator of the library, saved and loaded',
  sql: 'Models as SQL, run in DuckDB',
  onnx: 'Models as ONNX, run in onnxruntime-web',
  bad: 'Bad input',
  crash: 'Full disk and kill -9',
  start: 'Start, scale and packaging',
  access: 'Who may do what',
  live: 'The server: taking events in',
  sdks: 'The server: other people’s libraries',
  plan: 'The server: tracking plan, quarantine and replay',
  webhooks: 'Incoming webhooks',
  sources: 'Sources: records fetched from elsewhere',
  ingest: 'The server: how fast, beside a bare prototype',
  consent: 'Consent',
  erasure: 'Erasure',
  operation: 'Running it: backups, doctor, shutdown',
  identity: 'The server: who is who',
} as const

export type Part = keyof typeof parts
