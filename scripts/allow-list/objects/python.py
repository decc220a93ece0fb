"""Containers, dates and other values of Python's standard library that models hold."""

import array
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import ipaddress
import math
import operator
import pathlib
import random
import re
import statistics
import string
import types
import uuid
import zoneinfo


def objects():
    yield "containers", [
        {1: 2}, [1], (1, 2, 3, 4), {1}, frozenset([1]), b"bytes", bytearray(b"bytes"), 1.5, 2j, 10**30, None, ..., NotImplemented,
        range(3), slice(1, 2, 3), collections.OrderedDict(a=1), collections.Counter("abc"), collections.deque([1], 3),
        collections.defaultdict(list, a=[1]), collections.defaultdict(int), collections.defaultdict(dict), collections.ChainMap({}),
        collections.defaultdict(None), collections.defaultdict(set), collections.defaultdict(float), collections.defaultdict(str),
        collections.UserDict(a=1), collections.UserList([1]), collections.UserString("a"), types.SimpleNamespace(a=1),
        array.array("d", [1.5]), array.array("i", [1]), array.array("B", b"ab"), array.array("u", "ab"), iter([1, 2]), iter((1,)),
        reversed([1]), enumerate([1]), zip([1], [2]), memoryview,
    ]
    for value in (iter([1, 2]), iter((1,)), iter({}), iter("ab"), iter(range(3)), types.SimpleNamespace(a=1), ...):
        yield "iterator", value
    for value in (collections.defaultdict(list, a=[1]), collections.Counter("abc"), collections.deque([1], 3), collections.UserString("a")):
        yield "container", value
    yield "types", [bool, int, float, str, bytes, bytearray, list, dict, tuple, set, frozenset, object, complex, type, type(None), type(...), type(NotImplemented), range, slice]
    yield "dates", [
        datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc), datetime.date(2020, 1, 1), datetime.time(1), datetime.timedelta(1),
        datetime.timezone(datetime.timedelta(hours=1)), datetime.datetime(2020, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")),
        datetime.datetime(2020, 1, 1),
    ]
    yield "zone", zoneinfo.ZoneInfo("Europe/Berlin")
    yield "numbers", [decimal.Decimal("1.5"), fractions.Fraction(1, 3), uuid.uuid4(), uuid.UUID(int=1), random.Random(0), statistics.NormalDist(0, 1)]
    yield "addresses", [ipaddress.ip_address("127.0.0.1"), ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_address("::1"), ipaddress.ip_network("::/64"), ipaddress.ip_interface("10.0.0.1/8")]
    yield "paths", [pathlib.PurePosixPath("a/b"), pathlib.PureWindowsPath("a/b"), pathlib.PosixPath("a"), pathlib.PurePath("a"), pathlib.Path("a/b")]
    yield "patterns", [re.compile("a+"), re.compile(b"a"), re.compile("a", re.I | re.M)]
    yield "flags", re.I
    yield "functions", [functools.partial(math.log, 2), functools.partial(math.pow), operator.itemgetter(1), operator.itemgetter(1, 2), operator.itemgetter("a")]
    yield "builtin functions", [len, min, max, sum, abs, round, sorted, hash, math.log, operator.add, operator.mul, str.lower, str.upper, str.strip, str.split, any, all, divmod, pow, zip, enumerate, reversed, isinstance, callable, ord, chr, id, repr]
    for name in ("lower", "upper", "strip", "split", "title", "capitalize", "casefold"):
        yield "method", getattr(str, name)
    for module in (math, operator):
        yield module.__name__, [found for name, found in vars(module).items() if callable(found) and not name.startswith("_") and name not in ("attrgetter", "methodcaller", "itemgetter", "call", "setitem", "delitem", "iadd", "iconcat")]
    for error in (ValueError("a"), KeyError("a"), RuntimeError("a"), IndexError("a"), TypeError("a"), StopIteration("a"), ZeroDivisionError("a"), AssertionError("a"), NotImplementedError("a"), OverflowError("a"), Exception("a"), AttributeError("a"), UserWarning("a"), DeprecationWarning("a"), FutureWarning("a"), KeyboardInterrupt("a"), ArithmeticError("a"), LookupError("a"), RuntimeWarning("a")):
        yield "error", error
    yield "proxy", [enum.auto, string.ascii_letters, dataclasses.MISSING.__class__]
