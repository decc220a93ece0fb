import { words } from './name-table.ts'

/**
 * The modules of Python's standard library, present and past, that hold values and functions on them: importing one does nothing,
 * and its functions neither run what they are given nor touch files, the network or the interpreter. That makes none of their names
 * allowed: what models need of them is on the allow-list by exact name. All other modules are on the critical list; the test beside
 * this file holds both against every name that Python's releases list.
 */
const VALUES: ReadonlySet<string> = new Set(
  words(`
    __future__ _abc _abcoll _py_abc abc array audioop base64 binascii _binascii bisect _bisect _blake2 builtins calendar cmath _codecs _codecs_cn
    _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw codecs _collections _collections_abc collections colorsys _compat_pickle contextlib
    contextvars _contextvars copy copyreg _crypt crypt csv _csv dataclasses datetime _datetime _pydatetime decimal _decimal _pydecimal difflib
    encodings _multibytecodec enum errno exceptions fnmatch formatter fractions functools _functools future_builtins getopt getpass graphlib grp hashlib _hashlib
    heapq _heapq hmac _hmac html htmlentitydefs HTMLParser ipaddress itertools _json json keyword stringold locale _locale logging markupbase _markupbase math md5 _md5
    imageop jpeg fpformat MimeWriter mimetypes mimify nturl2path numbers operator _operator optparse argparse parser pathlib pprint pwd queue _queue Queue quopri random _random re regex
    regsub repr reprlib rgbimg rotor secrets sets sha _sha1 _sha2 _sha256 _sha3 _sha512 shlex spwd sre _sre sre_compile sre_constants sre_parse stat _stat
    statistics _statistics statvfs string _string stringprep strop struct _struct strptime _strptime textwrap time token toaiff types _types typing _typing uu binhex xdrlib
    UserDict UserList UserString unicodedata uuid _uuid weakref _weakref _weakrefset whrandom xml _elementtree zoneinfo _zoneinfo copy_reg __builtin__ nis
    cmp cmpcache mpz timing urlparse
  `),
)

/** Whether a module of the standard library holds only values: nothing is known against names of it that are on no list. */
export const holdsValues = (module: string): boolean => VALUES.has(module.split('.', 1)[0]!)
