import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { XMLValidator } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { cli, finished, scratch, startCli } from './cli.ts'

const PASSING = `
name: demo
stages:
  hello:
    reads: [hello.txt]
    steps: [run: cat hello.txt]
  world:
    needs: [hello]
    steps: [notify: { message: Done }]
  elsewhere:
    needs: [hello]
    if: branch == 'main'
    steps: [notify]
`
const project = (plimsoll: string) => scratch({ 'plimsoll.yaml': plimsoll, 'hello.txt': 'hello\n' })
const reportOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'results/report.json'), 'utf8')) as Report

test('a run: its stages on standard error, its summary on standard output, its reports in results/', async () => {
  const folder = project(PASSING)
  expect(await cli(folder, ['run', '--branch', 'topic', '--max-parallel', '1'])).toMatchInlineSnapshot(`
    {
      "code": 0,
      "stderr": "demo run <run>
      hello: started
      ✔ hello › run: pass <time> cat hello.txt: exit code 0
    ✔ hello: pass <time>
    – elsewhere: skip if: branch == 'main' does not hold (branch topic, event manual)
      world: started
      ✔ world › notify: pass <time> terminal: demo: Done
    ✔ world: pass <time>

    Reports: results/report.json, results/report.html, results/report.md, results/junit.xml
    ",
      "stdout": "demo · run <run> · topic

       stage      verdict  what was measured                                                time
    ✔  hello      pass     cat hello.txt: exit code 0 <time>
    ✔  world      pass     terminal: demo: Done <time>
    –  elsewhere  skip     if: branch == 'main' does not hold (branch topic, event manual)
    ✔  total      pass     3 stages: 2 passed, 1 not run <time>
    ",
    }
  `)
  expect(reportOf(folder)).toMatchObject({ kind: 'run', name: 'demo', verdict: 'pass' })
  expect(readFileSync(join(folder, 'results/report.html'), 'utf8')).toContain('<h1>demo')
  expect(readFileSync(join(folder, 'results/report.md'), 'utf8')).toContain('# ✅ demo: pass')
  expect(XMLValidator.validate(readFileSync(join(folder, 'results/junit.xml'), 'utf8'))).toBe(true)
})

test('a second run says what comes from the cache, and why says why', async () => {
  const folder = project(PASSING)
  await cli(folder, ['run', '--branch', 'topic'])
  const { stdout, code } = await cli(folder, ['run', '--branch', 'topic'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/✔ {2}hello .* cached$/m)
  expect((await cli(folder, ['why', 'hello'])).stdout).toMatch(/^hello: from the cache/)
  writeFileSync(join(folder, 'hello.txt'), 'goodbye\n')
  const why = await cli(folder, ['why', 'hello'])
  expect(why).toMatchObject({ stderr: '', code: 0 })
  expect(why.stdout).toMatch(/^hello: would run\..*\n(.*\n)*.*changed.*\n.*hello\.txt/)
  expect((await cli(folder, ['run', '--branch', 'topic', '--no-cache'])).stdout).not.toContain('cached')
})

const FAILING = `
name: demo
stages:
  good: { steps: [run: echo fine] }
  bad: { needs: [good], steps: [run: 'echo first; echo second; exit 3'] }
  after: { needs: [bad], steps: [notify] }
`

test('a gate that says no: exit code 1, its output is shown, and what needs it is not run', async () => {
  expect(await cli(project(FAILING), ['run', '--max-parallel', '1'])).toMatchInlineSnapshot(`
    {
      "code": 1,
      "stderr": "demo run <run>
      good: started
      ✔ good › run: pass <time> echo fine: exit code 0
    ✔ good: pass <time>
      bad: started
        bad │ first
        bad │ second
      ✖ bad › run: fail <time> echo first; echo second; exit 3: exit code 3
    ✖ bad: fail <time>
    – after: skip it needs bad, which ended with fail

    Reports: results/report.json, results/report.html, results/report.md, results/junit.xml
    ",
      "stdout": "demo · run <run>

       stage  verdict  what was measured                                  time
    ✔  good   pass     echo fine: exit code 0 <time>
    ✖  bad    fail     run: echo first; echo second; exit 3: exit code 3 <time>
    –  after  skip     it needs bad, which ended with fail
    ✖  total  fail     3 stages: 1 passed, 1 failed, 1 not run <time>

    ✖ bad › run › echo first; echo second; exit 3 run.exit-code · fail
        echo first; echo second; exit 3: exit code 3
        expected  exit code 0
        actual    exit code 3
        • first
          second
    ",
    }
  `)
})

test('what cannot be measured: exit code 2', async () => {
  const folder = project('stages: { a: { steps: [run: { command: "true", junit: results/no.xml }] } }')
  const { stdout, code } = await cli(folder, ['run'])
  expect(code).toBe(2)
  expect(stdout).toMatch(/!\s+a\s+error/)
})

test('--json prints one document on standard output; --quiet says nothing besides', async () => {
  const { stdout, stderr, code } = await cli(project(PASSING), ['run', '--json', '--quiet'])
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  expect((JSON.parse(stdout) as Report).children.map(({ name }) => name)).toEqual(['hello', 'world', 'elsewhere'])
})

test('--only, and the runs that there were', async () => {
  const folder = project(PASSING)
  expect((await cli(folder, ['run', '--only', 'hello', '--quiet'])).stdout).not.toContain('world')
  expect(await cli(folder, ['run', '--only', 'helo'])).toMatchObject({
    stdout: '',
    stderr: 'error There is no stage "helo". [E_NOT_FOUND]\n  hint: Did you mean "hello"?\n',
    code: 2,
  })
  const list = await cli(folder, ['runs'])
  expect(list.stdout).toMatch(/^run .*pipeline.*\n<run> +demo +finished +pass/)
  expect((await cli(folder, ['runs', 'show'])).stdout).toContain('✔  hello')
  expect(await cli(folder, ['runs', 'show', 'nope'])).toMatchObject({ stdout: '', code: 2 })
})

test('mistakes in the file are told with their lines, and nothing is run', async () => {
  const folder = scratch({
    'plimsoll.yaml':
      'name: demo\nstages:\n  a:\n    need: [b]\n    steps:\n      - notfy: { message: hi }\n  b:\n    steps: [notify: { to: slak }]\n',
  })
  expect(await cli(folder, ['run'])).toMatchInlineSnapshot(`
    {
      "code": 2,
      "stderr": "error plimsoll.yaml has 3 mistakes. [E_CONFIG]

    plimsoll.yaml:4:5 "need" is not known here. Did you mean "needs"?
      4 |     need: [b]
        |     ^^^^

    plimsoll.yaml:6:9 There is no step "notfy". Did you mean "notify"?
      6 |       - notfy: { message: hi }
        |         ^^^^^

    plimsoll.yaml:8:27 "to": expected one of terminal, slack, webhook.
      8 |     steps: [notify: { to: slak }]
        |                           ^^^^
    ",
      "stdout": "",
    }
  `)
  expect(existsSync(join(folder, 'results'))).toBe(false)
  expect((await cli(folder, ['config', 'check'])).code).toBe(2)
  expect(await cli(scratch(), ['run'])).toMatchInlineSnapshot(`
    {
      "code": 2,
      "stderr": "error The pipeline file cannot be read: <dir>/plimsoll.yaml [E_FILE_MISSING]
      hint: Name another file with --config, or make one with a \`stages:\` map in it.
    ",
      "stdout": "",
    }
  `)
})

/** The command lines of all processes; Linux images often come without `ps`. */
function runningCommands(): string {
  if (process.platform !== 'linux') return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
  const commandOf = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    } catch {
      return ''
    }
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandOf)
    .join('\n')
}

test('Ctrl-C: children are stopped, exit code 130, and --resume goes on', async () => {
  const folder = project(`
stages:
  quick: { steps: [run: echo quick] }
  long: { needs: [quick], steps: [run: 'test -f go || { echo begun > begun; sleep 4711 & sleep 4711; }'] }
`)
  const child = startCli(folder, ['run'])
  const end = finished(child, folder)
  while (!existsSync(join(folder, 'begun'))) await sleep(50)
  child.kill('SIGINT')
  const { stdout, stderr, code } = await end
  expect(code).toBe(130)
  expect(stderr).toContain('Stopped. Go on with: plimsoll run --resume')
  expect(stdout).toMatch(/✔ {2}quick/)
  expect(runningCommands()).not.toContain('sleep 4711')
  writeFileSync(join(folder, 'go'), '')
  const resumed = await cli(folder, ['run', '--resume'])
  expect(resumed.code).toBe(0)
  expect(resumed.stdout).toMatch(/✔ {2}quick .* kept$/m)
})

test('secrets are masked in everything that is shown and written', async () => {
  const folder = project("stages: { a: { env: { TOKEN: '${secrets.TOKEN}' }, steps: [run: 'echo token is $TOKEN; exit 1'] } }")
  const { stdout, stderr, code } = await cli(folder, ['run', '--verbose'], { env: { TOKEN: 'hunter2-hunter2' } })
  expect(code).toBe(1)
  expect(stderr).toContain('token is ***')
  for (const file of ['report.json', 'report.html', 'report.md', 'junit.xml']) {
    expect(readFileSync(join(folder, 'results', file), 'utf8')).not.toContain('hunter2')
  }
  expect(stdout + stderr).not.toContain('hunter2')
})

test('on GitHub Actions: annotations, step summary, outputs; nothing that a child says is a workflow command', async () => {
  const folder = project(`name: demo\nstages: { a: { steps: [run: 'echo "::set-output name=verdict::pass"; exit 3'] } }`)
  const [summary, output] = [join(folder, 'summary.md'), join(folder, 'output.txt')]
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output, NO_COLOR: '1' }
  const { stdout, stderr, code } = await cli(folder, ['run'], { env })
  expect({ stderr, code }).toEqual({ stderr: '', code: 1 })
  const [, token] = /^::stop-commands::(\S+)$/m.exec(stdout)!
  const [stopped, resumed] = [stdout.indexOf(`::stop-commands::${token}\n`), stdout.indexOf(`\n::${token}::\n`)]
  expect(stopped).toBeLessThan(stdout.indexOf('::set-output'))
  const live = stdout.slice(0, stopped) + stdout.slice(resumed)
  expect(live.match(/^::(?!error )\w+[^\n]*/gm)).toBeNull()
  expect(live).toMatch(/^::error title=a › run › /m)
  expect(readFileSync(summary, 'utf8')).toContain('# ❌ demo: fail')
  expect(readFileSync(output, 'utf8')).toBe('verdict=fail\npassed=0\nfailed=1\nreport=results/report.json\n')
})
