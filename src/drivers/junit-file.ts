import { UserError } from '../core/errors.ts'
import { parseXml, readBounded, type XmlElement } from './xml-file.ts'

const MOST_BYTES = 64 << 20
const MOST_CASES = 100_000
const LONGEST_MESSAGE = 4000

/** One test case of a JUnit file. */
export interface TestCase {
  /** Suite names and class name, from the outside in. */
  readonly suite: string
  readonly name: string
  /** `failed`: an assertion did not hold. `broken`: the test could not be carried out (JUnit's `error`). */
  readonly outcome: 'passed' | 'failed' | 'broken' | 'skipped'
  readonly message: string
  /** Null when the file does not say. */
  readonly durationMs: number | null
  readonly file: string | null
  readonly line: number | null
}

/**
 * The test cases of a JUnit XML file, as pytest, node:test, Jest, Maven, go-junit-report and others write it.
 *
 * @throws UserError E_FILE_FORMAT
 */
export async function readJUnit(path: string, display: string): Promise<TestCase[]> {
  const root = parseXml(await readBounded(path, display, MOST_BYTES), display)
  const suites = [...elements(root['testsuites']), ...elements(root['testsuite'])]
  if (root['testsuites'] === undefined && root['testsuite'] === undefined) {
    throw new UserError('E_FILE_FORMAT', `${display} is not a JUnit file: it has neither <testsuites> nor <testsuite>.`)
  }
  const cases: TestCase[] = []
  for (const suite of suites) collect(suite, [], cases, display)
  return cases
}

function elements(value: unknown): XmlElement[] {
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return list.map((item) => (item !== null && typeof item === 'object' ? (item as XmlElement) : { '#text': item }))
}

function attribute(element: XmlElement, name: string): string | null {
  const value = element[`@${name}`]
  return typeof value === 'string' ? value : null
}

function collect(suite: XmlElement, path: readonly string[], cases: TestCase[], display: string): void {
  if (path.length > 50) throw new UserError('E_FILE_FORMAT', `${display} nests its test suites too deeply.`)
  const name = attribute(suite, 'name')
  const here = name === null || name === '' ? path : [...path, name]
  for (const element of elements(suite['testcase'])) {
    if (cases.length >= MOST_CASES) throw new UserError('E_FILE_FORMAT', `${display} has more than ${MOST_CASES} test cases.`)
    cases.push(testCase(element, here))
  }
  for (const inner of elements(suite['testsuite'])) collect(inner, here, cases, display)
}

function testCase(element: XmlElement, suites: readonly string[]): TestCase {
  const [outcome, told] = outcomeOf(element)
  const className = attribute(element, 'classname')
  const suite = className === null || suites.at(-1) === className || className === 'test' ? suites : [...suites, className]
  const seconds = Number(attribute(element, 'time')?.replaceAll(',', '') ?? Number.NaN)
  const line = Number(attribute(element, 'line') ?? Number.NaN)
  return {
    suite: suite.join(' › '),
    name: attribute(element, 'name') ?? 'unnamed',
    outcome,
    message: told.slice(0, LONGEST_MESSAGE),
    durationMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null,
    file: attribute(element, 'file'),
    line: Number.isInteger(line) && line > 0 ? line : null,
  }
}

function outcomeOf(element: XmlElement): [TestCase['outcome'], string] {
  for (const [tag, outcome] of [
    ['error', 'broken'],
    ['failure', 'failed'],
    ['skipped', 'skipped'],
  ] as const) {
    const [found] = elements(element[tag])
    if (found) return [outcome, tell(found)]
  }
  return ['passed', '']
}

/** The message and the text below it, which often repeats the message. */
function tell(element: XmlElement): string {
  const message = (attribute(element, 'message') ?? '').trim()
  const text = ((element['#text'] as string | undefined) ?? '').trim()
  if (message === '' || text.startsWith(message)) return text
  return text === '' ? message : `${message}\n${text}`
}
