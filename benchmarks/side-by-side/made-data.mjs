// The data of the speed table, from a counter-based hash, so that another program can make the same numbers bit for bit.
const hash = (value) => {
  let x = value >>> 0
  x ^= x >>> 16
  x = Math.imul(x, 0x7feb352d)
  x ^= x >>> 15
  x = Math.imul(x, 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}
if (hash(1) !== 1753845952 || hash(12345) !== 2435775735) throw new Error('the hash is not the one that others use')

/** Uniform numbers of a stream by their place. */
export const uniform = (stream) => {
  const key = hash(stream + 0x9e3779b9)
  return (at) => (hash(hash(at) ^ key) + 0.5) / 4294967296
}

/** Normal numbers of a stream by their place. */
export const normal = (stream) => {
  const [radius, angle] = [uniform(stream), uniform(stream + 65536)]
  return (at) => Math.sqrt(-2 * Math.log(radius(at))) * Math.cos(2 * Math.PI * angle(at))
}

/** Round clusters that overlap, `[rows × columns]`, and the cluster of each row. */
export function blobs(rows, columns, clusters, deviation = 2.5) {
  const [centre, label, noise] = [uniform(101), uniform(102), normal(103)]
  const labels = Int32Array.from({ length: rows }, (_, row) => Math.floor(clusters * label(row)))
  const values = new Float64Array(rows * columns)
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, at += 1) {
      values[at] = 10 * centre(labels[row] * columns + column) - 5 + deviation * noise(at)
    }
  }
  return { rows: values, labels }
}

/** Twenty dense places in a space of three columns, every tenth row anywhere. */
export function densePlaces(rows) {
  const [centre, label, noise, anywhere] = [uniform(111), uniform(112), normal(113), uniform(114)]
  const values = new Float64Array(rows * 3)
  for (let row = 0, at = 0; row < rows; row += 1) {
    const place = Math.floor(20 * label(row)) * 3
    for (let column = 0; column < 3; column += 1, at += 1) {
      values[at] = row % 10 === 9 ? 100 * anywhere(at) : 100 * centre(place + column) + 2 * noise(at)
    }
  }
  return { rows: values }
}

/** Term weights of documents over twenty topics, in compressed rows: counts × smoothed log inverse document frequency, rows of length 1. */
export function documentTerms(documents = 50_000, terms = 20_000, length = 130, topics = 20, share = 0.5) {
  const [topicOf, isOwn, rank] = [uniform(301), uniform(302), uniform(303)]
  const own = terms / topics
  const starts = new Int32Array(documents + 1)
  const columns = new Int32Array(documents * length)
  const values = new Float64Array(documents * length)
  const frequency = new Int32Array(terms)
  let end = 0
  for (let document = 0; document < documents; document += 1) {
    const topic = Math.floor(topics * topicOf(document))
    const words = Int32Array.from({ length }, (_, token) => {
      const at = document * length + token
      const q = rank(at)
      return isOwn(at) < share ? topic * own + Math.floor(own * (q * q)) : Math.floor(terms * (q * q * q))
    }).sort()
    words.forEach((word, token) => {
      if (token === 0 || word !== words[token - 1]) {
        columns[end] = word
        frequency[word] += 1
        end += 1
      }
      values[end - 1] += 1
    })
    starts[document + 1] = end
  }
  const rarity = Float64Array.from(frequency, (count) => Math.log((1 + documents) / (1 + count)) + 1)
  for (let document = 0; document < documents; document += 1) {
    let square = 0
    for (let at = starts[document]; at < starts[document + 1]; at += 1) {
      values[at] *= rarity[columns[at]]
      square += values[at] * values[at]
    }
    for (let at = starts[document]; at < starts[document + 1]; at += 1) values[at] /= Math.sqrt(square)
  }
  return { starts, columns: columns.slice(0, end), values: values.slice(0, end) }
}

const drawnLabels = (stream, margins) => {
  const drawn = uniform(stream)
  return Int32Array.from(margins, (margin, row) => (drawn(row) < 1 / (1 + Math.exp(-margin)) ? 1 : 0))
}

const normals = (stream, length) => {
  const noise = normal(stream)
  return new Float64Array(length).map((_, at) => noise(at))
}

/** A yes or no that follows a weighted sum of the columns. */
export function linearRows(rows, columns) {
  const values = normals(201, rows * columns)
  const weight = uniform(202)
  const weights = Float64Array.from({ length: columns }, (_, column) => 2 * weight(column) - 1)
  const margins = new Float64Array(rows)
  for (let row = 0; row < rows; row += 1) {
    let sum = 0
    for (let column = 0; column < columns; column += 1) sum += values[row * columns + column] * weights[column]
    margins[row] = 0.5 * sum - 1
  }
  return { rows: values, labels: drawnLabels(203, margins) }
}

/** A yes or no that follows eleven of the columns, by steps, products, a wave and a parabola. */
export function unevenRows(rows, columns = 30) {
  const values = normals(211, rows * columns)
  const margins = new Float64Array(rows)
  for (let row = 0; row < rows; row += 1) {
    const x = values.subarray(row * columns, (row + 1) * columns)
    const steps = (x[4] > 0.5 ? x[5] : 0) + 0.6 * (x[10] > 0 ? x[9] : 0)
    const bends = 1.5 * Math.sin(2 * x[3]) - 0.5 * x[6] ** 2 - 0.4 * Math.abs(x[8])
    margins[row] = x[0] + 0.8 * x[1] * x[2] + bends + steps + 0.3 * x[7] - 0.5
  }
  return { rows: values, labels: drawnLabels(212, margins) }
}
