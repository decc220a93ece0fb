import fc from 'fast-check'
import { expect, test } from 'vitest'
import { redactDeep, redactor } from './redact.ts'

test('a secret is masked as it is, in base64, in a URL and in JSON', () => {
  const secret = 'p@ss "word"/42'
  const redact = redactor([secret])
  for (const spelling of [
    secret,
    Buffer.from(secret).toString('base64'),
    encodeURIComponent(secret),
    JSON.stringify({ a: secret }),
  ]) {
    const masked = redact(`before ${spelling} after`)
    expect(masked).toContain('***')
    expect(masked).not.toContain('word')
  }
})

test('a secret is masked inside of a longer text in base64, in JSON within JSON, in a form and in hexadecimal', () => {
  const secret = 'p@ss "word"/42 ~ä?>'
  const redact = redactor([secret])
  for (const before of ['', 'u', 'us', 'use', 'user:']) {
    const text = Buffer.from(`${before}${secret}:and more`).toString('base64')
    const masked = redact(`Authorization: Basic ${text}`)
    expect(masked).toContain('***')
    expect(Buffer.from(masked.replace(/^.* /, '').split('***')[0]!, 'base64').toString()).not.toContain('p@s')
  }
  expect(redact(JSON.stringify(JSON.stringify(secret)))).not.toContain('word')
  expect(redact(`q=${encodeURIComponent(secret).replaceAll('%20', '+')}`)).toBe('q=***')
  expect(redact(Buffer.from(secret).toString('hex'))).toBe('***')
})

test('each line of a secret of several lines is masked', () => {
  expect(redactor(['-----BEGIN KEY-----\nabcdef\n'])('it says abcdef')).toBe('it says ***')
})

test('a secret inside another one leaves nothing of the longer behind', () => {
  expect(redactor(['secret', 'secret-and-more'])('secret-and-more')).toBe('***')
})

test('no text holds a secret after redaction, wherever it stood', () => {
  const secret = fc.string({ minLength: 8 }).filter((text) => text.trim().length >= 8 && !text.includes('*'))
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
      expect(redactor([value])(before + value + after)).not.toContain(value)
    }),
  )
})

test('values are redacted at every depth and numbers stay', () => {
  expect(redactDeep({ n: 1, list: ['token-1234', { deep: 'has token-1234 in it' }] }, redactor(['token-1234']))).toEqual({
    n: 1,
    list: ['***', { deep: 'has *** in it' }],
  })
})
