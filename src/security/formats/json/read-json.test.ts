import { expect, test } from 'vitest'
import { scanBytes } from '../../scan.ts'
import { objectsOf } from './document.ts'
import { readJson } from './read-json.ts'

const rulesOf = async (bytes: Uint8Array, name = 'config.json') => {
  const { verdict, findings } = await scanBytes(bytes, name)
  return [verdict, ...new Set(findings.map(({ rule }) => rule ?? ''))]
}

const TEXT = '{"auto_map": {"AutoModel": "modeling.Model"}, "名": "é"}'

function utf16(text: string, isLittle: boolean): Buffer {
  const bytes = Buffer.from(text, 'utf16le')
  return isLittle ? bytes : bytes.swap16()
}

function utf32(text: string, isLittle: boolean): Buffer {
  const codes = Array.from(text, (letter) => letter.codePointAt(0)!)
  const bytes = Buffer.alloc(codes.length * 4)
  codes.forEach((code, i) => (isLittle ? bytes.writeUInt32LE(code, i * 4) : bytes.writeUInt32BE(code, i * 4)))
  return bytes
}

test.each<[string, Buffer]>([
  ['UTF-8', Buffer.from(TEXT)],
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`)],
  ['UTF-16LE', utf16(TEXT, true)],
  ['UTF-16LE with a mark', utf16(`\uFEFF${TEXT}`, true)],
  ['UTF-16BE', utf16(TEXT, false)],
  ['UTF-16BE with a mark', utf16(`\uFEFF${TEXT}`, false)],
  ['UTF-32LE', utf32(TEXT, true)],
  ['UTF-32LE with a mark', utf32(`\uFEFF${TEXT}`, true)],
  ['UTF-32BE', utf32(TEXT, false)],
  ['UTF-32BE with a mark', utf32(`\uFEFF${TEXT}`, false)],
])('%s is read as its loaders read it', async (_encoding, bytes) => {
  expect(await rulesOf(bytes)).toEqual(['fail', 'folder.remote-code'])
})

test('what is not kept of a large document hides nothing', async () => {
  const words = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`word${i}`, i]))
  const many = Array.from({ length: 3000 }, (_, i) => ['a', i])
  const harmful: Record<string, object> = {
    'folder.remote-code': { ...words, auto_map: { AutoModel: [null, 'modeling.Model'] } },
    'folder.dangerous-name': { many, after: [...many, [[{ ...words, _target_: 'os.system' }]]] },
    'template.internals': { ...words, chat_template: [...Array.from({ length: 3000 }, () => 'x'), '{{ x.__class__ }}'] },
    'folder.outside-path': { weightsManifest: [{ ...words, paths: [...many.map(() => 'a.bin'), '../a.bin'] }] },
    'keras.loader': { layers: [...many, { ...words, class_name: 'TFSMLayer', config: 0 }] },
  }
  for (const [rule, content] of Object.entries(harmful)) {
    expect(await rulesOf(Buffer.from(JSON.stringify(content)))).toEqual(['fail', rule])
  }
  const module = { ...words, idx: 0, path: '', type: 'evil.Module' }
  expect(await rulesOf(Buffer.from(JSON.stringify([module])))).toEqual(['fail', 'folder.remote-code'])
})

test('lists without objects are not kept, objects are found in order with their paths, and a second key is seen', () => {
  const { values, duplicateKey } = readJson('{"a": [1, "x", [2, {"b": [3, "y"]}], {"c": {}}], "d": [["p", "q"]], "a": 1}')
  expect([...objectsOf(values)].map(([object, path]) => [path.toString(), object.entries.map(([key]) => key)])).toEqual([
    ['the document', ['a', 'd', 'a']],
    ['a[2][1]', ['b']],
    ['a[3]', ['c']],
    ['a[3].c', []],
  ])
  expect(duplicateKey).toBe('a')
  const many = `{${Array.from({ length: 50 }, (_, i) => `"k${i}": "x"`).join()}, "k7": "y"}`
  expect(readJson(many).duplicateKey).toBe('k7')
})
