// How often the intervals of metrics and of differences hold the truth, and how often gates err at their limit, over seeded samples.
//
//     node bench/honesty/coverage.mjs [--runs 2000] [--only TEXT] [--rows 30,100,1000]
//
// Printed per case and number of rows: the share of 95 % intervals that hold the truth; that lie wholly above it, which is how often
// a gate "at least the truth" passes wrongly (or one "at most the truth" fails wrongly); that lie wholly below it; and that could not be made.
// With a star: the coverage is surely outside of 94 to 96 %, which is to say that the 95 % interval of the simulation itself is.
// Cases of 1,000 rows take a quarter of the runs. Ends with 1 when a case without a remark has a star.
import { parseArgs } from 'node:util'
import { normalCdf } from '../../dist/stats/normal.js'
import { estimate, estimateDifference } from '../../dist/stats/estimate.js'
import { wilson } from '../../dist/stats/proportion.js'
import { seededRandom } from '../../dist/stats/random.js'
import * as s from './scenarios.mjs'

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    only: { type: 'string', default: '' },
    rows: { type: 'string', default: '30,100,1000' },
  },
})
const runs = Number(flags.runs)
const rows = flags.rows.split(',').map(Number)

const halves = [0.6, 0.4]
const rare = [0.9, 0.1]
const three = [0.5, 0.3, 0.2]
const apOf = (share) => (shift) => s.trueAveragePrecision(normalCdf, share, shift)
const CASES = [
  ['accuracy .75 to .85', s.accuracy(0.75, 0.85)],
  ['accuracy .85 to .95', s.accuracy(0.85, 0.95)],
  ['accuracy .92 to .98', s.accuracy(0.92, 0.98), 'below: Wilson leans to the middle'],
  ['F1 of a class of 30 %', s.binaryF1(0.3)],
  ['F1 of a class of 10 %', s.binaryF1(0.1), 'about 5 rows decide at n = 30'],
  [
    'accuracy, weighted',
    s.weightedAccuracy(0.7, 0.9),
    'too wide at n = 30: few mistakes are not trusted to be worth more than equal rows',
  ],
  ['accuracy, 10 users, ICC .3', s.clusteredAccuracy(10, 0.7, 0.9, 0.3)],
  ['accuracy, 30 users, ICC .3', s.clusteredAccuracy(30, 0.7, 0.9, 0.3)],
  ['balanced accuracy', s.confusion(halves, s.balancedAccuracy(2))],
  ['balanced accuracy, 10 % positive', s.confusion(rare, s.balancedAccuracy(2)), '3 positive rows at n = 30'],
  ['MCC', s.confusion(halves, s.mcc(2))],
  ['MCC, 10 % positive', s.confusion(rare, s.mcc(2)), '3 positive rows at n = 30'],
  ['kappa', s.confusion(halves, s.kappa(2))],
  ['macro F1 of 3 classes', s.confusion(three, s.macroF1(3)), 'unseen cells weigh on n = 30'],
  ['kappa of 3 classes', s.confusion(three, s.kappa(3))],
  ['macro F1 of 3 classes, clusters of 3', s.confusion(three, s.macroF1(3), 3), 'unseen cells weigh on n = 30'],
  ['log loss, calibrated', s.probabilities('log-loss', 1)],
  ['log loss, too sure by 2', s.probabilities('log-loss', 2)],
  ['Brier score, calibrated', s.probabilities('brier', 1)],
  ['Brier score, too sure by 2', s.probabilities('brier', 2)],
  ['RMSE, normal errors', s.regression('rmse', Infinity)],
  ['MAE, normal errors', s.regression('mae', Infinity)],
  ['R², normal errors', s.regression('r2', Infinity)],
  ['RMSE, errors of t5', s.regression('rmse', 5), 'squares without a third moment'],
  ['MAE, errors of t5', s.regression('mae', 5), 'heavy tails'],
  ['R², errors of t5', s.regression('r2', 5), 'squares without a third moment'],
  ['NDCG@10 of queries', s.ndcg(seededRandom(4))],
  ['skewed loss, 10 clusters, ICC .3', s.clusteredLoss(10, 5)],
  ['skewed loss, 30 clusters, ICC .3', s.clusteredLoss(30, 5)],
  ['AUC .7 to .9, 50 % positive', s.area(normalCdf, 0.5, 0.75, 1.8), 'too wide at n = 30'],
  ['AUC .7 to .9, 30 % positive', s.area(normalCdf, 0.3, 0.75, 1.8), 'too wide at n = 30'],
  ['AUC .7 to .9, 10 % positive', s.area(normalCdf, 0.1, 0.75, 1.8), '3 positive rows at n = 30'],
  ['AUC, clusters of 3', s.area(normalCdf, 0.4, 0.75, 1.8, 3)],
  ['average precision, 30 % positive', s.prArea(normalCdf, 0.3, 1.3)],
  ['average precision, 10 % positive', s.prArea(normalCdf, 0.1, 1.3), '3 positive rows at n = 30'],
  ['Spearman .3', s.spearman(0.3)],
  ['Spearman .8', s.spearman(0.8)],
  ['ECE, too sure by 2', s.calibrationError(2), 'noise adds to a sum of distances'],
  ['ECE, calibrated', s.calibrationError(1), 'the truth is 0, the end of the range'],
  ['difference of accuracy, 10 % differ', s.pairedAccuracy(0.1, -0.05, 0.05), 'few rows differ at n = 30'],
  ['difference of accuracy, 20 % differ', s.pairedAccuracy(0.2, -0.05, 0.05)],
  ['difference of accuracy, clusters of 3', s.pairedAccuracy(0.2, -0.05, 0.05, 3), 'few rows differ at n = 30'],
  ['difference of precision', s.pairedConfusion(halves, s.precision, 0.3), 'few rows differ at n = 30'],
  ['difference of MCC', s.pairedConfusion(halves, s.cellsWith(2, s.mcc), 0.3), 'few rows differ at n = 30'],
  ['difference of macro F1', s.pairedConfusion(three, s.cellsWith(3, s.macroF1), 0.3), 'few rows differ at n = 30'],
  ['difference of log loss', s.pairedLoss(1.6)],
  ['difference of AUC, 40 % positive', s.pairedArea(normalCdf, 0.4, 1.3, 1.1)],
  ['difference of average precision', s.pairedArea(normalCdf, 0.4, 1.3, 1.1, s.averagePrecision, apOf(0.4))],
]

const percent = (share) => (100 * share).toFixed(1).padStart(6)
let isHonest = true
for (const [name, draw, remark] of CASES.filter(([title]) => title.includes(flags.only))) {
  for (const n of rows) {
    const random = seededRandom(n)
    const started = performance.now()
    const settings = { random, n, runs: n >= 1000 ? Math.ceil(runs / 4) : runs }
    const interval = ({ a, b, design }, seed) =>
      (b ? estimateDifference(a, b, design, { seed }) : estimate(a, design, { seed })).interval
    const { above, below, missing, width } = s.misses(draw, interval, settings)
    const made = settings.runs - missing
    const { lower, upper } = wilson(made - above - below, made)
    const isOutside = upper < 0.94 || lower > 0.96
    if (isOutside && !remark) isHonest = false
    const figures = [(made - above - below) / made, above / made, below / made, missing / settings.runs].map(percent).join(' ')
    const time = `${((performance.now() - started) / settings.runs).toFixed(1)} ms`
    console.log(
      `${name.padEnd(38)} ${String(n).padStart(5)} ${figures} ${isOutside ? '*' : ' '} width ${(width / made).toFixed(4)} ${time.padStart(9)} ${remark ?? ''}`,
    )
  }
}
process.exitCode = isHonest ? 0 : 1
