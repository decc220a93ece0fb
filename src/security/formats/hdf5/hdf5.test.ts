import { readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { scanBytes } from '../../scan.ts'

// Written by h5py: test/golden/make-hdf5-samples.py
const SAMPLES = JSON.parse(readFileSync(new URL('../../../../test/golden/hdf5-samples.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>
const sample = (name: string) => inflateSync(Buffer.from(SAMPLES[name]!, 'base64'))

async function rules(bytes: Uint8Array): Promise<string[]> {
  const { verdict, findings } = await scanBytes(bytes, 'model.h5')
  return [verdict, ...new Set(findings.map(({ rule }) => rule ?? ''))]
}

const EXPECTED: Readonly<Record<string, string>> = {
  in_header: 'keras.code',
  fixed_length: 'keras.code',
  large: 'keras.code',
  many: 'keras.code',
  'user block': 'keras.code',
  training: 'keras.dangerous-name',
  external_link: 'hdf5.external',
  external_storage: 'hdf5.external',
  virtual: 'hdf5.external',
  pickled: 'pickle.dangerous-call',
}

test.each(Object.keys(SAMPLES))('%s', async (name) => {
  const kind = name.slice(0, name.lastIndexOf(' '))
  expect(await rules(sample(name))).toEqual(kind === 'clean' ? ['pass'] : ['fail', EXPECTED[kind]])
})

test('a finding says where in the file the configuration stands', async () => {
  const bytes = sample('in_header earliest')
  const { findings } = await scanBytes(bytes, 'model.h5')
  const { location } = findings[0]!
  expect(location?.file).toBe('model.h5!attribute model_config of /')
  expect(bytes.subarray(location?.byteOffset, location!.byteOffset! + 13).toString()).toBe('{"class_name"')
})

test('a file that is cut short, or whose tables lead nowhere, does not pass', async () => {
  const bytes = sample('clean earliest')
  for (const length of [bytes.length - 1, 2000, 600, 100, 9]) {
    expect((await rules(bytes.subarray(0, length)))[0], `${length} bytes`).toBe('error')
  }
  const broken = Buffer.from(bytes)
  broken.fill(0xee, 96, 400)
  expect(await rules(broken)).toEqual(['error', 'hdf5.broken'])
})

test('what stands before and behind the file is examined too', async () => {
  const pickle = Buffer.from('\x80\x02cos\nsystem\nU\x04true\x85R.', 'latin1')
  expect(await rules(Buffer.concat([sample('clean latest'), pickle]))).toContain('pickle.dangerous-call')
})
