"""Finds classes of a package, and makes objects of them as a loader does: without their constructor."""

import importlib
import inspect
import pkgutil
import warnings


def modules(package, skip=("tests", "test", "testing", "conftest", "_examples", "experimental", "externals")):
    """The modules of a package that can be imported."""
    root = importlib.import_module(package)
    yield root
    for info in pkgutil.walk_packages(getattr(root, "__path__", []), package + ".", onerror=lambda _: None):
        if any(part in skip or part.startswith("test") for part in info.name.split(".")[1:]):
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield importlib.import_module(info.name)
        except BaseException:
            continue


def classes(package, base, **options):
    """Subclasses of `base` that the modules of a package define."""
    seen = set()
    for module in modules(package, **options):
        for _, found in inspect.getmembers(module, inspect.isclass):
            if found in seen or not issubclass(found, base) or found.__module__ != module.__name__:
                continue
            seen.add(found)
            yield found


def bare(found):
    """An object of a class as `NEWOBJ` makes it, before its state is set; None when that is not how it is made."""
    try:
        return found.__new__(found)
    except Exception:
        return None
