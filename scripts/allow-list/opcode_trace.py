"""What loading a pickle does with the names that it imports.

A `Tracer` is CPython's own unpickler in Python, which writes down what it is asked to do. It loads what it reads: it is
given only what this recorder has written itself.
"""

import enum
import io
import pickle
import sys

# Methods that a loader calls, and that the pickle gives the arguments or the object's state.
HOOKS = ("__setstate__", "__del__", "__new__", "__setitem__", "__setattr__", "__getattr__", "append", "extend", "add", "__reduce_ex__")
PLAIN = {object, dict, list, set, frozenset, tuple, int, float, str, bytes, complex, type, BaseException, Exception}
CONSTANTS = {type(None): "none", bool: "bool", int: "int", float: "float", str: "text", bytes: "bytes", bytearray: "bytes"}
CONTAINERS = {tuple: "tuple", list: "list", dict: "dict", set: "set", frozenset: "set"}


class Uses:
    """How names are used, by `module name`: `value`, `new`, or `call(...)` with the kinds of the arguments."""

    def __init__(self):
        self.by_name = {}
        self.hooks = {}
        self.texts = {}

    def add(self, key, use):
        self.by_name.setdefault(key, set()).add(use)

    def add_text(self, key, text):
        if len(text) <= 60:
            self.texts.setdefault(key, set()).add(text)


def definer(cls, hook):
    """The class whose method is found for a hook, or None when it is one of Python's own plain types."""
    for base in cls.__mro__:
        if hook in vars(base):
            return None if base in PLAIN else base
    return None


def hooks_of(cls):
    found = set()
    for hook in HOOKS:
        base = definer(cls, hook)
        if base is not None and hook != "__reduce_ex__":
            found.add(f"{base.__module__}.{base.__qualname__}.{hook}")
    return found


class Tracer(pickle._Unpickler):
    dispatch = dict(pickle._Unpickler.dispatch)
    uses = None  # set by a subclass

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.imported = {}
        self.kept = []

    def find_class(self, module, name):
        found = super().find_class(module, name)
        key = f"{module} {name}"
        # Protocols below 3 write the names of Python 2, which the list holds as Python 3 resolves them.
        if self.proto < 3 and self.fix_imports:
            from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING

            module, name = NAME_MAPPING.get((module, name), (IMPORT_MAPPING.get(module, module), name))
            key = f"{module} {name}"
        self.imported[id(found)] = (key, found)
        self.uses.add(key, "value")
        if isinstance(found, type):
            self.uses.hooks.setdefault(key, set()).update(hooks_of(found))
            if issubclass(found, enum.Enum):
                self.uses.add(key, "enum")
        return found

    def kind(self, value):
        if id(value) in self.imported:
            return "import"
        for types in (CONSTANTS, CONTAINERS):
            if type(value) in types:
                return types[type(value)]
        return "object"

    def called(self, function, args, keywords=None, opcode="call"):
        known = self.imported.get(id(function))
        if known is None:
            self.uses.add("? ?", f"{opcode} {getattr(function, '__module__', '')} {getattr(function, '__qualname__', function)}")
            return
        key = known[0]
        if key == "copyreg _reconstructor" and id(args[0]) in self.imported:
            self.uses.add(self.imported[id(args[0])][0], "new")
        if opcode == "new" and not args and not keywords:
            self.uses.add(key, "new")
            return
        kinds = ",".join(self.kind(value) for value in args[:12]) + (",..." if len(args) > 12 else "")
        named = f" **{','.join(sorted(keywords))}" if keywords else ""
        self.uses.add(key, f"{opcode}({kinds}{named})")
        if key == "builtins getattr":
            owner = self.imported.get(id(args[0]))
            self.uses.add_text(key, f"{owner[0] if owner else type(args[0]).__module__ + ' ' + type(args[0]).__qualname__}|{args[1]}")
        elif len(args) <= 3 and "reconstruct" in key:
            for value in args:
                if isinstance(value, str):
                    self.uses.add_text(key, value)

    def traced_reduce(self):
        self.called(self.stack[-2], self.stack[-1])
        pickle._Unpickler.load_reduce(self)

    def traced_newobj(self):
        self.called(self.stack[-2], self.stack[-1], opcode="new")
        pickle._Unpickler.load_newobj(self)

    def traced_newobj_ex(self):
        self.called(self.stack[-3], self.stack[-2], self.stack[-1], opcode="new")
        pickle._Unpickler.load_newobj_ex(self)

    def _instantiate(self, klass, args):
        self.called(klass, tuple(args), opcode="new" if not args else "call")
        super()._instantiate(klass, args)

    def filled(self, target, how):
        """BUILD, SETITEM(S), APPEND(S) or ADDITEMS on an object."""
        key = self.imported.get(id(type(target)))
        if key is not None and type(target).__module__ != "builtins":
            self.uses.add(key[0], how)

    def traced_build(self):
        self.filled(self.stack[-2], "build")
        pickle._Unpickler.load_build(self)

    def traced_setitem(self):
        self.filled(self.stack[-3], "items")
        pickle._Unpickler.load_setitem(self)

    def traced_setitems(self):
        self.filled(self.metastack[-1][-1], "items")
        pickle._Unpickler.load_setitems(self)

    def traced_append(self):
        self.filled(self.stack[-2], "appends")
        pickle._Unpickler.load_append(self)

    def traced_appends(self):
        self.filled(self.metastack[-1][-1], "appends")
        pickle._Unpickler.load_appends(self)

    def traced_additems(self):
        self.filled(self.metastack[-1][-1], "adds")
        pickle._Unpickler.load_additems(self)

    dispatch[pickle.REDUCE[0]] = traced_reduce
    dispatch[pickle.NEWOBJ[0]] = traced_newobj
    dispatch[pickle.NEWOBJ_EX[0]] = traced_newobj_ex
    dispatch[pickle.BUILD[0]] = traced_build
    dispatch[pickle.SETITEM[0]] = traced_setitem
    dispatch[pickle.SETITEMS[0]] = traced_setitems
    dispatch[pickle.APPEND[0]] = traced_append
    dispatch[pickle.APPENDS[0]] = traced_appends
    dispatch[pickle.ADDITEMS[0]] = traced_additems


def tracer(uses):
    return type("Tracing", (Tracer,), {"uses": uses})


def trace(data, uses):
    """Loads a pickle that this program has just written."""
    return tracer(uses)(io.BytesIO(data)).load()


def trace_joblib(value, uses):
    """Writes a value by joblib and loads it by joblib's unpickler."""
    import os
    import tempfile

    import joblib
    from joblib.numpy_pickle import NumpyUnpickler

    class Joblib(NumpyUnpickler):
        dispatch = {**NumpyUnpickler.dispatch, **{k: v for k, v in Tracer.dispatch.items() if v.__qualname__.startswith("Tracer.traced")}}
        imported = None
        proto = 4
        fix_imports = True

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.imported, self.kept = {}, []

        find_class = Tracer.find_class
        kind = Tracer.kind
        called = Tracer.called
        filled = Tracer.filled

    Joblib.uses = uses
    del Joblib.find_class

    def find_class(self, module, name):
        found = NumpyUnpickler.find_class(self, module, name)
        self.imported[id(found)] = (f"{module} {name}", found)
        uses.add(f"{module} {name}", "value")
        if isinstance(found, type):
            uses.hooks.setdefault(f"{module} {name}", set()).update(hooks_of(found))
        return found

    Joblib.find_class = find_class
    # The build of joblib reads arrays: it stays.
    Joblib.dispatch[pickle.BUILD[0]] = NumpyUnpickler.dispatch[pickle.BUILD[0]]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "value.joblib")
        joblib.dump(value, path)
        with open(path, "rb") as file:
            try:
                Joblib(path, file, mmap_mode=None, ensure_native_byte_order=True).load()
            except TypeError:
                Joblib(path, file, mmap_mode=None).load()
