// What intervals are tried on: samples of which the true value is known, as statistics of each form. Every draw takes a source of
// random numbers and a number of rows, and gives { a, truth } or, for a comparison of two models, { a, b, truth } and a design.
// True shares are drawn from a stated range anew for each sample: at a single one, the coverage of a discrete statistic jumps.

const SIMPLE = { weights: null, clusters: null }
const fill = (n, of) => Float64Array.from({ length: n }, (_, i) => of(i))
const between = (random, low, high) => low + (high - low) * random.uniform()
const mean = (means) => means[0]
const logistic = (x) => 1 / (1 + Math.exp(-x))

// ---- Shares

export function accuracy(low, high) {
  return (random, n) => {
    const truth = between(random, low, high)
    return {
      a: { kind: 'rate', hits: Uint8Array.from({ length: n }, () => (random.uniform() < truth ? 1 : 0)), counted: null },
      truth,
    }
  }
}

/** F1 = 2J / (1 + J) of a class with this share; J counts the rows where it is true or predicted. */
export function binaryF1(share) {
  return (random, n) => {
    const recall = between(random, 0.5, 0.8)
    const alarm = between(random, 0.02, 0.08)
    const [hits, counted] = [new Uint8Array(n), new Uint8Array(n)]
    for (let i = 0; i < n; i++) {
      const is = random.uniform() < share
      const said = random.uniform() < (is ? recall : alarm)
      counted[i] = is || said ? 1 : 0
      hits[i] = is && said ? 1 : 0
    }
    const j = (share * recall) / (share + (1 - share) * alarm)
    const map = (x) => (2 * x) / (1 + x)
    return { a: { kind: 'rate', hits, counted, map }, truth: map(j) }
  }
}

/** Rows of users, whose own accuracy varies so that two rows of one user are alike by `icc`; by default, users have 2 to 8 rows. */
export function clusteredAccuracy(clusterCount, low, high, icc, [fewest, most] = [2, 8]) {
  return (random) => {
    const truth = between(random, low, high)
    const [hits, clusters] = [[], []]
    for (let c = 0; c < clusterCount; c++) {
      const x = random.gamma(truth * (1 / icc - 1))
      const own = x / (x + random.gamma((1 - truth) * (1 / icc - 1)))
      for (let k = fewest + random.integer(most - fewest + 1); k > 0; k--) {
        hits.push(random.uniform() < own ? 1 : 0)
        clusters.push(c)
      }
    }
    return {
      a: { kind: 'rate', hits: Uint8Array.from(hits), counted: null },
      truth,
      design: { weights: null, clusters: Int32Array.from(clusters) },
    }
  }
}

/** Rows that were drawn with unequal chances, those that the model gets wrong more often; weights put that right. */
export function weightedAccuracy(low, high) {
  return (random, n) => {
    const truth = between(random, low, high)
    const [hits, weights] = [new Uint8Array(n), new Float64Array(n)]
    for (let i = 0; i < n;) {
      const hit = random.uniform() < truth ? 1 : 0
      const chance = (hit ? 0.4 : 0.8) * between(random, 0.5, 1)
      if (random.uniform() > chance) continue
      hits[i] = hit
      weights[i++] = 1 / chance
    }
    return { a: { kind: 'rate', hits, counted: null }, truth, design: { weights, clusters: null } }
  }
}

// ---- Confusion matrices

export const macroF1 = (k) => (c) => {
  let sum = 0
  for (let i = 0; i < k; i++) {
    let both = 0
    for (let j = 0; j < k; j++) both += c[i * k + j] + c[j * k + i]
    sum += both > 0 ? (2 * c[i * k + i]) / both : 0
  }
  return sum / k
}
const margins = (k, c) => {
  const [row, column] = [Array.from({ length: k }, () => 0), Array.from({ length: k }, () => 0)]
  let [all, right] = [0, 0]
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      row[i] += c[i * k + j]
      column[j] += c[i * k + j]
      all += c[i * k + j]
    }
    right += c[i * k + i]
  }
  const dot = (x, y) => x.reduce((sum, value, i) => sum + value * y[i], 0)
  return { all, right, both: dot(row, column), rows: dot(row, row), columns: dot(column, column) }
}
export const mcc = (k) => (c) => {
  const { all, right, both, rows, columns } = margins(k, c)
  const spread = Math.sqrt((all * all - rows) * (all * all - columns))
  return spread > 0 ? (right * all - both) / spread : 0
}
export const kappa = (k) => (c) => {
  const { all, right, both } = margins(k, c)
  return all * all > both ? (right * all - both) / (all * all - both) : 0
}
export const balancedAccuracy = (k) => (c) => {
  let [sum, seen] = [0, 0]
  for (let i = 0; i < k; i++) {
    let row = 0
    for (let j = 0; j < k; j++) row += c[i * k + j]
    if (row > 0) sum += c[i * k + i] / row
    if (row > 0) seen++
  }
  return sum / seen
}

/** @param shares of the classes; each is recognised with a chance from 0.65 to 0.95, and else taken for another at random */
export function confusion(shares, at, groupsOfClusters = null) {
  const k = shares.length
  return (random, n) => {
    const recalls = shares.map(() => between(random, 0.65, 0.95))
    const joint = new Float64Array(k * k)
    for (let t = 0; t < k; t++) {
      for (let p = 0; p < k; p++) joint[t * k + p] = shares[t] * (p === t ? recalls[t] : (1 - recalls[t]) / (k - 1))
    }
    const cells = new Int32Array(n)
    const clusters = groupsOfClusters === null ? null : new Int32Array(n)
    for (let i = 0; i < n; i++) {
      // A row that repeats the one before it, in its cluster, is what makes rows of a cluster alike.
      const isNew = clusters === null || i % groupsOfClusters === 0 || random.uniform() > 0.5
      cells[i] = isNew ? pick(random, joint) : cells[i - 1]
      if (clusters !== null) clusters[i] = Math.floor(i / groupsOfClusters)
    }
    return {
      a: { kind: 'cells', cells, size: k * k, groups: groupsOf(k), at },
      truth: at(joint),
      design: { weights: null, clusters },
    }
  }
}
const groupsOf = (k) => Int32Array.from({ length: k * k }, (_, cell) => Math.floor(cell / k))
function pick(random, shares) {
  let rest = random.uniform()
  for (let i = 0; i < shares.length - 1; i++) if ((rest -= shares[i]) < 0) return i
  return shares.length - 1
}

// ---- Means

/** @param degrees of freedom of Student's t that the errors are drawn from, with variance 1; Infinity for normal ones */
export function regression(metric, degrees) {
  return (random, n) => {
    const [errors, y] = [new Float64Array(n), new Float64Array(n)]
    for (let i = 0; i < n; i++) {
      const scale = Number.isFinite(degrees) ? Math.sqrt((degrees - 2) / (2 * random.gamma(degrees / 2))) : 1
      errors[i] = random.normal() * scale
      y[i] = 2 * random.normal() + errors[i]
    }
    const squares = errors.map((x) => x * x)
    if (metric === 'rmse')
      return { a: { kind: 'means', terms: [squares], at: (m) => Math.sqrt(m[0]), range: [0, Infinity] }, truth: 1 }
    if (metric === 'mae') {
      // E|t| = 2 √ν Γ((ν + 1) / 2) / (√π Γ(ν / 2) (ν − 1)), which is 0.7351 for five degrees scaled to variance 1.
      return {
        a: { kind: 'means', terms: [errors.map(Math.abs)], at: mean, range: [0, Infinity] },
        truth: degrees === 5 ? 0.73510519 : Math.sqrt(2 / Math.PI),
      }
    }
    return {
      a: {
        kind: 'means',
        terms: [squares, y, y.map((x) => x * x)],
        at: (m) => 1 - m[0] / (m[2] - m[1] ** 2),
        range: [-Infinity, 1],
      },
      truth: 0.8,
    }
  }
}

/** Losses of a binary classifier whose log-odds are `sureness` times the true ones, with a standard deviation of 1.5. */
export function probabilities(metric, sureness) {
  const lossOf = metric === 'log-loss' ? (p) => -Math.log(p) : (p) => (1 - p) ** 2
  const truth = integrate((z) => {
    const [p, q] = [logistic(1.5 * z), logistic(1.5 * z * sureness)]
    return p * lossOf(q) + (1 - p) * lossOf(1 - q)
  })
  return (random, n) => {
    const losses = fill(n, () => {
      const z = 1.5 * random.normal()
      const isPositive = random.uniform() < logistic(z)
      return lossOf(isPositive ? logistic(sureness * z) : logistic(-sureness * z))
    })
    const range = metric === 'log-loss' ? [0, Infinity] : [0, 1]
    return { a: { kind: 'means', terms: [losses], at: mean, range }, truth }
  }
}

/** The mean of f(z) for standard normal z, by the midpoint rule. */
function integrate(f) {
  let sum = 0
  for (let i = 0; i < 4000; i++) {
    const z = -8 + (16 * (i + 0.5)) / 4000
    sum += ((f(z) * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)) * (16 / 4000)
  }
  return sum
}

/** Absolute errors of rows of `size` in clusters that share half of their error's spread; log-normal, so skewed. */
export function clusteredLoss(clusterCount, size, icc = 0.3) {
  return (random) => {
    const n = clusterCount * size
    const own = fill(clusterCount, () => random.normal())
    const clusters = Int32Array.from({ length: n }, (_, i) => Math.floor(i / size))
    const losses = fill(n, (i) => Math.exp(0.5 * (Math.sqrt(icc) * own[clusters[i]] + Math.sqrt(1 - icc) * random.normal())))
    return {
      a: { kind: 'means', terms: [losses], at: mean, range: [0, Infinity] },
      truth: Math.exp(0.125),
      design: { weights: null, clusters },
    }
  }
}

// ---- Areas

/** Normal scores of two classes; the AUC is Φ(shift / √2). Clusters of `size` share `icc` of the variance. */
export function area(normalCdf, share, low, high, size = 1, icc = 0.3) {
  return (random, n) => {
    const shift = between(random, low, high)
    const [scores, side] = [new Float64Array(n), new Uint8Array(n)]
    let own = 0
    for (let i = 0; i < n; i++) {
      if (i % size === 0) own = random.normal()
      side[i] = random.uniform() < share ? 1 : 0
      scores[i] = shift * side[i] + (size === 1 ? random.normal() : Math.sqrt(icc) * own + Math.sqrt(1 - icc) * random.normal())
    }
    const clusters = size === 1 ? null : Int32Array.from({ length: n }, (_, i) => Math.floor(i / size))
    return {
      a: { kind: 'area', curves: [{ scores, side, share: 1 }] },
      truth: normalCdf(shift / Math.SQRT2),
      design: { weights: null, clusters },
    }
  }
}

// ---- Any function of the rows

export function averagePrecision(scores, side) {
  const order = Int32Array.from(scores.keys()).toSorted((a, b) => scores[b] - scores[a])
  return {
    kind: 'rows',
    rowCount: scores.length,
    range: [0, 1],
    at: (weights) => {
      let [hits, all, sum] = [0, 0, 0]
      for (const row of order) {
        all += weights[row]
        if (side[row] === 1) {
          hits += weights[row]
          if (all > 0) sum += (weights[row] * hits) / all
        }
      }
      return hits > 0 ? sum / hits : Number.NaN
    },
  }
}

/** ∫ precision d recall for normal scores a shift apart. */
export function trueAveragePrecision(normalCdf, share, shift) {
  return integrate((z) => {
    const cut = z + shift
    const [above, alarm] = [share * (1 - normalCdf(cut - shift)), (1 - share) * (1 - normalCdf(cut))]
    return above / (above + alarm)
  })
}

export function prArea(normalCdf, share, shift) {
  const truth = trueAveragePrecision(normalCdf, share, shift)
  const draw = area(normalCdf, share, shift, shift)
  return (random, n) => {
    const [{ scores, side }] = draw(random, n).a.curves
    return { a: averagePrecision(scores, side), truth }
  }
}

/** Of two normal variables with correlation ρ: (6 / π) asin(ρ / 2). */
export function spearman(rho) {
  return (random, n) => {
    const x = fill(n, () => random.normal())
    const y = fill(n, (i) => rho * x[i] + Math.sqrt(1 - rho * rho) * random.normal())
    const [orderX, orderY] = [x, y].map((values) => Int32Array.from(values.keys()).toSorted((a, b) => values[a] - values[b]))
    const ranks = (order, weights) => {
      const of = new Float64Array(n)
      let below = 0
      for (const row of order) {
        of[row] = below + weights[row] / 2
        below += weights[row]
      }
      return of
    }
    const at = (weights) => {
      const [a, b] = [ranks(orderX, weights), ranks(orderY, weights)]
      let [w, sa, sb, aa, bb, ab] = [0, 0, 0, 0, 0, 0]
      for (let i = 0; i < n; i++) {
        w += weights[i]
        sa += weights[i] * a[i]
        sb += weights[i] * b[i]
        aa += weights[i] * a[i] * a[i]
        bb += weights[i] * b[i] * b[i]
        ab += weights[i] * a[i] * b[i]
      }
      return (w * ab - sa * sb) / Math.sqrt((w * aa - sa * sa) * (w * bb - sb * sb))
    }
    return { a: { kind: 'rows', rowCount: n, at, range: [-1, 1] }, truth: (6 / Math.PI) * Math.asin(rho / 2) }
  }
}

/** Expected calibration error in ten bins, of log-odds that are `sureness` times the true ones: misses and hits of each bin, as the metric has it. */
export function calibrationError(sureness) {
  const BINS = 10
  const binOf = (q) => Math.min(BINS - 1, Math.floor(q * BINS))
  const gaps = new Float64Array(BINS)
  integrate((z) => {
    const [p, q] = [logistic(1.5 * z), logistic(1.5 * z * sureness)]
    gaps[binOf(q)] += ((q - p) * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI) / 250
    return 0
  })
  const truth = gaps.reduce((sum, gap) => sum + Math.abs(gap), 0)
  return (random, n) => {
    const cells = new Int32Array(n)
    const [sums, rows] = [new Float64Array(2 * BINS), new Float64Array(2 * BINS)]
    for (let i = 0; i < n; i++) {
      const z = 1.5 * random.normal()
      const q = logistic(sureness * z)
      cells[i] = 2 * binOf(q) + (random.uniform() < logistic(z) ? 1 : 0)
      sums[cells[i]] += q
      rows[cells[i]]++
    }
    const used = [...Array(BINS).keys()].filter((bin) => rows[2 * bin] + rows[2 * bin + 1] > 0)
    const held = used.flatMap((bin) =>
      [2 * bin, 2 * bin + 1].map((cell) => (rows[cell] > 0 ? sums[cell] / rows[cell] : (bin + 0.5) / BINS)),
    )
    const at = (shares) => {
      let [total, error] = [0, 0]
      for (let cell = 0; cell < shares.length; cell += 2) {
        total += shares[cell] + shares[cell + 1]
        error += Math.abs(shares[cell] * held[cell] + shares[cell + 1] * (held[cell + 1] - 1))
      }
      return error / total
    }
    const compact = cells.map((cell) => 2 * used.indexOf(cell >> 1) + (cell & 1))
    return {
      a: { kind: 'cells', cells: compact, size: held.length, biased: true, at },
      truth,
    }
  }
}

/** NDCG at 10 of queries with 20 documents each: the queries are the rows. The truth is the mean over 40,000 of them. */
export function ndcg(random) {
  const one = (from) => {
    const gains = fill(20, () => Math.max(0, Math.floor(4 * from.uniform() ** 2)))
    const scores = gains.map((gain) => gain + 1.5 * from.normal())
    const dcg = (order) => order.slice(0, 10).reduce((sum, i, place) => sum + gains[i] / Math.log2(place + 2), 0)
    const sorted = (by) => [...gains.keys()].toSorted((a, b) => by[b] - by[a])
    const ideal = dcg(sorted(gains))
    return ideal > 0 ? dcg(sorted(scores)) / ideal : 0
  }
  const truth = fill(40_000, () => one(random)).reduce((sum, value) => sum + value, 0) / 40_000
  return (from, n) => ({ a: { kind: 'means', terms: [fill(n, () => one(from))], at: mean, range: [0, 1] }, truth })
}

// ---- Two models on the same rows

/** Accuracies of two models that agree on most rows. */
export function pairedAccuracy(discordance, low, high, clusterSize = 1) {
  return (random, n) => {
    const truth = between(random, low, high)
    const [a, b] = [new Uint8Array(n), new Uint8Array(n)]
    const clusters = clusterSize === 1 ? null : new Int32Array(n)
    let kind = 0
    for (let i = 0; i < n; i++) {
      if (clusters === null || i % clusterSize === 0 || random.uniform() > 0.5) {
        kind = pick(random, [(discordance + truth) / 2, (discordance - truth) / 2, 0.85 * (1 - discordance), 1])
      }
      a[i] = kind === 0 || kind === 2 ? 1 : 0
      b[i] = kind === 1 || kind === 2 ? 1 : 0
      if (clusters !== null) clusters[i] = Math.floor(i / clusterSize)
    }
    const rate = (hits) => ({ kind: 'rate', hits, counted: null })
    return { a: rate(a), b: rate(b), truth, design: { weights: null, clusters } }
  }
}

/** Two classifiers of two classes: b answers as a does but for a share of the rows, where it answers at random with its own skill. */
export function pairedConfusion(shares, statisticOf, differing) {
  const k = shares.length
  return (random, n) => {
    const skills = shares.map(() => [between(random, 0.65, 0.95), between(random, 0.65, 0.95)])
    const [a, b] = [new Int32Array(n), new Int32Array(n)]
    const answer = (truth, skill) => (random.uniform() < skill ? truth : (truth + 1 + random.integer(k - 1)) % k)
    for (let i = 0; i < n; i++) {
      const truth = pick(random, shares)
      a[i] = truth * k + answer(truth, skills[truth][0])
      b[i] = random.uniform() < differing ? truth * k + answer(truth, skills[truth][1]) : a[i]
    }
    const joint = (which) =>
      Float64Array.from({ length: k * k }, (_, cell) => {
        const [t, p] = [Math.floor(cell / k), cell % k]
        const share = (skill) => (p === t ? skill : (1 - skill) / (k - 1))
        const ofA = share(skills[t][0])
        return shares[t] * (which === 0 ? ofA : differing * share(skills[t][1]) + (1 - differing) * ofA)
      })
    const [ofA, ofB] = [statisticOf(a), statisticOf(b)]
    return { a: ofA.statistic, b: ofB.statistic, truth: ofA.at(joint(0)) - ofB.at(joint(1)) }
  }
}
export const cellsWith = (k, at) => (cells) => ({
  statistic: { kind: 'cells', cells, size: k * k, groups: groupsOf(k), at: at(k) },
  at: at(k),
})
/** Precision of the second of two classes: each model has rows of its own that count. */
export const precision = (cells) => ({
  statistic: {
    kind: 'rate',
    hits: Uint8Array.from(cells, (cell) => (cell === 3 ? 1 : 0)),
    counted: Uint8Array.from(cells, (cell) => cell % 2),
  },
  at: (c) => c[3] / (c[1] + c[3]),
})

/** Two sets of scores that share part of their noise; both AUCs follow from their shifts. */
export function pairedArea(
  normalCdf,
  share,
  shiftA,
  shiftB,
  statistic = (scores, side) => ({ kind: 'area', curves: [{ scores, side, share: 1 }] }),
  valueOf = (shift) => normalCdf(shift / Math.SQRT2),
) {
  const truth = valueOf(shiftA) - valueOf(shiftB)
  return (random, n) => {
    const [a, b, side] = [new Float64Array(n), new Float64Array(n), new Uint8Array(n)]
    for (let i = 0; i < n; i++) {
      side[i] = random.uniform() < share ? 1 : 0
      const common = random.normal() * Math.sqrt(0.7)
      a[i] = shiftA * side[i] + common + Math.sqrt(0.3) * random.normal()
      b[i] = shiftB * side[i] + common + Math.sqrt(0.3) * random.normal()
    }
    return { a: statistic(a, side), b: statistic(b, side), truth }
  }
}

/** Log losses of a calibrated model and of one that is too sure, on the same rows. */
export function pairedLoss(sureness) {
  const loss = (p) => -Math.log(p)
  const truth = integrate((z) => {
    const p = logistic(1.5 * z)
    const of = (s) => p * loss(logistic(1.5 * z * s)) + (1 - p) * loss(logistic(-1.5 * z * s))
    return of(1) - of(sureness)
  })
  return (random, n) => {
    const [a, b] = [new Float64Array(n), new Float64Array(n)]
    for (let i = 0; i < n; i++) {
      const z = 1.5 * random.normal()
      const sign = random.uniform() < logistic(z) ? 1 : -1
      a[i] = loss(logistic(sign * z))
      b[i] = loss(logistic(sign * z * sureness))
    }
    const statistic = (losses) => ({ kind: 'means', terms: [losses], at: mean, range: [0, Infinity] })
    return { a: statistic(a), b: statistic(b), truth }
  }
}

// ---- What is counted

/**
 * How often intervals miss the truth on either side.
 * @returns { runs, above, below, missing }: the whole interval above the truth, below it, or no interval at all
 */
export function misses(draw, intervalOf, { random, n, runs }) {
  const count = { runs, above: 0, below: 0, missing: 0, width: 0 }
  for (let run = 1; run <= runs; run++) {
    const drawn = draw(random, n)
    const interval = intervalOf({ design: SIMPLE, ...drawn }, run)
    if (interval === null) count.missing++
    else {
      if (interval.lower > drawn.truth) count.above++
      if (interval.upper < drawn.truth) count.below++
      count.width += interval.upper - interval.lower
    }
  }
  return count
}
