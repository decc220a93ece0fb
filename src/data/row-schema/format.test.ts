import { afterAll, beforeAll, expect, test } from 'vitest'
import { literal, openDuckdb, type Duckdb } from '../../drivers/duckdb.ts'
import { holdsFormat, type Format } from './format.ts'

// The values follow the grammars of the RFCs by hand; each list of wrong ones breaks one rule after the other.

let duckdb: Duckdb
beforeAll(async () => (duckdb = await openDuckdb()))
afterAll(() => duckdb.close())

const a = (length: number): string => 'a'.repeat(length)

const VALUES: Readonly<Record<Format, { readonly good: readonly string[]; readonly bad: readonly string[] }>> = {
  // RFC 3339, section 5.6 and appendix C (leap years)
  date: {
    good: [
      ...['2024-01-31', '2024-02-29', '2000-02-29', '0000-02-29', '1900-02-28', '2023-04-30', '2023-12-31', '9999-12-31'],
      ...['0001-01-01', '2400-02-29', '2023-06-30', '2023-09-30', '2023-11-30', '2023-08-31', '1996-02-29'],
    ],
    bad: [
      ...['', '2023-02-29', '1900-02-29', '2100-02-29', '2023-04-31', '2023-13-01', '2023-00-10', '2023-01-00', '2023-01-32'],
      ...['2023-1-01', '23-01-01', '2023-01-1', '2023/01/01', '20230101', '2023-01-01 ', ' 2023-01-01', '2023-01-01\n'],
      ...['+2023-01-01', '2023-01-01T00:00:00Z', '2023-06-31', '２０２３-01-01'],
    ],
  },
  // RFC 3339, section 5.6, full-time, and 5.7, leap seconds
  time: {
    good: [
      ...['00:00:00Z', '23:59:59Z', '12:30:45z', '12:30:45.5Z', '12:30:45.123456789Z', '12:30:45+00:00', '12:30:45-00:00'],
      ...['12:30:45+23:59', '12:30:45.1-11:30', '23:59:60Z', '15:59:60-08:00', '00:29:60+00:30', '23:59:60.5Z', '00:59:60+01:00'],
      ...['23:29:60-00:30'],
    ],
    bad: [
      ...['', '12:30:45', '24:00:00Z', '12:60:00Z', '12:30:61Z', '12:30Z', '1:30:45Z', '12:30:45.Z', '12:30:45+24:00'],
      ...['12:30:45+01:60', '12:30:45+0100', '12:30:45+01', '12:30:45,5Z', '22:59:60Z', '23:58:60Z', '23:59:60+01:00'],
      ...['12:30:45 Z', '12:30:45ZZ', ' 12:30:45Z', '12:30:45Z\n', '12:30:45-1:00'],
    ],
  },
  'date-time': {
    good: [
      ...['1985-04-12T23:20:50.52Z', '1996-12-19T16:39:57-08:00', '1990-12-31T23:59:60Z', '1990-12-31T15:59:60-08:00'],
      ...['1937-01-01T12:00:27.87+00:20', '2024-02-29t00:00:00z', '2024-02-29 00:00:00Z', '2024-01-01T00:00:00-00:00'],
      ...['9999-12-31T23:59:59Z', '0000-01-01T00:00:00Z', '2024-01-01T00:00:00.000000001Z', '2000-02-29T12:00:00+14:00'],
      ...['2024-06-30T23:59:60.25Z', '2023-11-30T01:02:03Z', '2023-07-31T01:02:03+05:45'],
    ],
    bad: [
      ...['', '2024-01-31', '12:30:45Z', '2024-01-31T12:30:45', '2023-02-29T00:00:00Z', '2024-01-31T24:00:00Z'],
      ...[
        '2024-01-31T12:30Z',
        '2024-01-31_12:30:45Z',
        '2024-01-31T12:30:45+0100',
        '2024-01-3112:30:45Z',
        '2024-01-31TT12:30:45Z',
      ],
      ...[
        '2024-01-31  12:30:45Z',
        '2024-13-31T12:30:45Z',
        '2024-01-31T12:30:60Z',
        '1990-12-31T23:59:60+01:00',
        '20240131T123045Z',
      ],
    ],
  },
  // RFC 5321, section 4.1.2 and 4.5.3.1; RFC 5322, dot-atom
  email: {
    good: [
      ...['a@b.co', 'jane.doe@example.com', "o'hara+tag@example.org", '!#$%&*/=?^_`{|}~-@example.com', 'a.b.c.d@e.f.g', '1@2.3'],
      ...['UPPER@EXAMPLE.COM', 'x@xn--bcher-kva.example', 'a-b@c-d.example', 'a_b@example.museum', '--@example.com', 'x@1a.1b'],
      ...[`${a(64)}@example.com`, `x@${a(63)}.com`, 'x@a--b.example'],
    ],
    bad: [
      ...['', 'plain', '@example.com', 'a@', 'a@b', 'a@@b.com', '.a@b.com', 'a.@b.com', 'a..b@c.com', 'a b@c.com', 'a@b..com'],
      ...[
        'a@-b.com',
        'a@b-.com',
        'a@b_c.com',
        'a@b.com.',
        '"a b"@c.com',
        'a@[127.0.0.1]',
        'a,b@c.com',
        'é@example.com',
        'a@b.c\n',
      ],
      ...[`${a(65)}@example.com`, `x@${a(64)}.com`, `x@${`${a(60)}.`.repeat(4)}${a(20)}.com`],
    ],
  },
  // RFC 9562, section 4
  uuid: {
    good: [
      ...['9c5b94b1-35ad-49bb-b118-8e8fc24abf80', '00000000-0000-0000-0000-000000000000', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'],
      ...['C232AB00-9414-11EC-B3C8-9F6BDECED846', '5df41881-3aed-3515-88a7-2f4a814cf09e', '919108f7-52d1-4320-9bac-f847db4148a8'],
      ...['2ed6657d-e927-568b-95e1-2665a8aea6a2', '1EC9414C-232A-6B00-B3C8-9F6BDECED846', '017F22E2-79B0-7CC3-98C4-DC0C0C07398F'],
      ...['2489E9AD-2EE2-8E00-8EC9-32D5F69181C0', 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee', '12345678-1234-1234-1234-123456789abc'],
      ...['AbCdEf01-2345-6789-aBcD-eF0123456789', '00000000-0000-0000-0000-000000000001', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ],
    bad: [
      ...[
        '',
        '9c5b94b135ad49bbb1188e8fc24abf80',
        '{9c5b94b1-35ad-49bb-b118-8e8fc24abf80}',
        '9c5b94b1-35ad-49bb-b118-8e8fc24abf8',
      ],
      ...[
        '9c5b94b1-35ad-49bb-b118-8e8fc24abf800',
        '9c5b94b1-35ad-49bb-b1188-e8fc24abf80',
        'gc5b94b1-35ad-49bb-b118-8e8fc24abf80',
      ],
      ...[
        'urn:uuid:9c5b94b1-35ad-49bb-b118-8e8fc24abf80',
        '9c5b94b1_35ad_49bb_b118_8e8fc24abf80',
        ' 9c5b94b1-35ad-49bb-b118-8e8fc24abf80',
      ],
      ...['9c5b94b1-35ad-49bb-b118-8e8fc24abf80\n', '9c5b94b-135ad-49bb-b118-8e8fc24abf80', '9c5b94b1-35ad-49bb-b118', 'uuid'],
      ...[
        '9c5b94b1-35ad-49bb-b118-8e8fc24abf8g',
        '9c5b94b1--35ad-49bb-b118-8e8fc24abf80',
        '9c5b94b1 35ad 49bb b118 8e8fc24abf80',
      ],
    ],
  },
  // RFC 3986, appendix A; the first are the examples of section 1.1.2
  uri: {
    good: [
      ...[
        'ftp://ftp.is.co.za/rfc/rfc1808.txt',
        'http://www.ietf.org/rfc/rfc2396.txt',
        'ldap://[2001:db8::7]/c=GB?objectClass?one',
      ],
      ...[
        'mailto:John.Doe@example.com',
        'news:comp.infosystems.www.servers.unix',
        'tel:+1-816-555-1212',
        'telnet://192.0.2.16:80/',
      ],
      ...['urn:oasis:names:specification:docbook:dtd:xml:4.1.2', 'http://a/?q=1&r=%C3%A9#frag/ment?', 'file:///etc/hosts', 'a:'],
      ...[
        'http://user:pass@host:8080/a;b=c',
        'http://[v1.fe80::a+en1]/',
        'x+y-z.1:/path',
        "http://a.b/!$&'()*+,;=:@",
        'http://',
        'http://a:/',
      ],
    ],
    bad: [
      ...[
        '',
        'example.com',
        '/path',
        '//host/path',
        '#frag',
        '1http://a',
        'http://a b',
        'http://a/%zz',
        'http://a/%4',
        'http://a/<b>',
      ],
      ...['http://a/{b}', 'http://a/"b"', 'http://a|b', 'http://a\\b', 'http://é.example', 'http://a/^', 'http://a/`', ':a'],
      ...[
        'http://[::1',
        'http://[1::2::3]/',
        'http://a:b/',
        'http://a#b#c',
        ' http://a',
        'http://a\n',
        'ht_tp://a',
        'http://[::1]x/',
      ],
    ],
  },
  // RFC 3986, IPv4address: dec-octet has no leading zeros
  ipv4: {
    good: [
      ...['0.0.0.0', '127.0.0.1', '255.255.255.255', '192.168.0.1', '10.0.0.10', '1.2.3.4', '8.8.8.8', '249.250.199.200'],
      ...['100.99.9.0', '172.16.254.1', '203.0.113.7', '198.51.100.25', '224.0.0.1', '169.254.0.0', '192.0.2.235'],
    ],
    bad: [
      ...[
        '',
        '1.2.3',
        '1.2.3.4.5',
        '256.1.1.1',
        '1.1.1.256',
        '01.2.3.4',
        '1.2.3.04',
        '1.2.3.',
        '.1.2.3',
        '1..2.3',
        'a.b.c.d',
        '1.2.3.-4',
      ],
      ...['1.2.3.4 ', ' 1.2.3.4', '1.2.3.4\n', '0x7f.0.0.1', '2130706433', '1,2,3,4', '１.2.3.4', '300.1.1.1', '1.2.3.4/8'],
    ],
  },
  // RFC 4291, section 2.2, in the grammar of RFC 3986
  ipv6: {
    good: [
      ...[
        '::',
        '::1',
        '1::',
        '2001:db8::7',
        '2001:DB8:0:0:8:800:200C:417A',
        'FF01::101',
        '1:2:3:4:5:6:7:8',
        '::ffff:192.0.2.128',
      ],
      ...[
        '::13.1.68.3',
        '1:2:3:4:5:6:1.2.3.4',
        '1:2:3:4:5:6:7::',
        '::2:3:4:5:6:7:8',
        '1::8',
        '1:2::5:6:7:8',
        'fe80::',
        '1::3:4:5:6:7:8',
      ],
      ...['::ffff:0:255.255.255.255', '1:2:3::6:7:8', 'abcd:ef01:2345:6789:abcd:ef01:2345:6789', '1:2:3:4:5::1.2.3.4'],
    ],
    bad: [
      ...[
        '',
        ':',
        ':::',
        '1::2::3',
        '1:2:3:4:5:6:7',
        '1:2:3:4:5:6:7:8:9',
        '12345::',
        'g::',
        '::1%eth0',
        '[::1]',
        '1:2:3:4:5:6:7:1.2.3.4',
      ],
      ...[
        '::1.2.3',
        '::256.1.1.1',
        '::01.2.3.4',
        ':1::',
        '1:',
        '1:2:3:4:5:6:7:8::',
        '::1 ',
        '::1\n',
        '1.2.3.4',
        '::1/64',
        '1::2:3:4:5:6:7:8:9',
      ],
    ],
  },
}

test.each(Object.entries(VALUES))('%s', async (name, { good, bad }) => {
  expect(Math.min(good.length, bad.length)).toBeGreaterThanOrEqual(15)
  const values = [...good, ...bad].map((value) => `(${literal(value)})`)
  const condition = holdsFormat({ when: 'TRUE', value: 'v' }, name as Format)
  const found = await duckdb.query<{ v: string; holds: boolean }>(
    `SELECT v, ${condition} AS holds FROM (VALUES ${values.join(', ')}) t(v)`,
  )
  expect(found.filter(({ holds }) => holds).map(({ v }) => v)).toEqual(good)
  expect(found.filter(({ holds }) => !holds).map(({ v }) => v)).toEqual(bad)
})
