"""Loads one Python model and answers predictions over standard input and output, until its input ends."""

import importlib
import os
import sys
import traceback

# The model's code may print, and may read its input. Neither may break into a message.
requests = os.fdopen(os.dup(0), "rb", buffering=0)
answers = os.fdopen(os.dup(1), "wb")
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
os.dup2(2, 1)

own = os.path.dirname(os.path.abspath(__file__))
sys.path[0] = os.path.dirname(own)
writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
from plimsoll_worker import limits, rows  # noqa: E402
from plimsoll_worker.loading import Changed, load  # noqa: E402
from plimsoll_worker.messages import Messages  # noqa: E402

sys.dont_write_bytecode = writes_bytecode
# Modules of the user's project, as a script started in its folder would find them; not those beside this file.
sys.path[0] = os.getcwd()

# Calls of a traceback that are shown: pipelines and thread pools bury the one that matters under dozens of others.
INNERMOST = 6
# Calls that lead to the user's code and say nothing of it.
OURS = (own, "<frozen importlib", os.path.dirname(importlib.__file__))


class Worker:
    def __init__(self):
        self.model = None
        self.types = None

    def load(self, request, _payload):
        if request.get("memory") is not None:
            limits.limit_memory(request["memory"])
        try:
            self.model = load(request)
        except Changed:
            return {"changed": True}, []
        self.types = request.get("types")
        model = self.model
        return {
            "features": model.features,
            "classes": None if model.classes is None else [*model.classes],
            "importances": model.importances,
            "digest": getattr(model, "digest", None),
            "model": type(getattr(model, "model", None) or getattr(model, "booster", None) or model).__module__.split(".")[0],
        }, []

    def predict(self, request, payload):
        model = self.model
        if model.takes == "array":
            table = rows.array(request, payload)
        else:
            names = [column["name"] for column in request["columns"]]
            table = rows.frame(request, payload, self.types, [names[i] for i in model.categories])
        return model.answer(table).encode()


def failure(error):
    """Whatever the model does wrong is told, and the next request may go well."""
    return {
        "error": f"{type(error).__name__}: {error}",
        "missing": getattr(error, "name", None) or "" if isinstance(error, ImportError) else None,
        "memory": isinstance(error, MemoryError),
        "traceback": theirs(error),
    }


def theirs(error):
    """The traceback without the calls of this program that lead to it; empty when there are no others."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(OURS):
        trace = trace.tb_next
    if trace is None:
        return ""
    return "".join(traceback.format_exception(type(error), error, trace, limit=-INNERMOST))


def main():
    limits.follow(os.getppid())
    limits.tell_where_it_is()
    worker = Worker()
    messages = Messages(requests, answers)
    while True:
        try:
            request, payload = messages.receive()
            if request is None:
                return
            header, parts = (worker.load if request["op"] == "load" else worker.predict)(request, payload)
        except (Exception, SystemExit) as error:
            header, parts = failure(error), []
        messages.send(header, parts)


main()
