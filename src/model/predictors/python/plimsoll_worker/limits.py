"""What the process may take, and what it tells when it must end."""

import faulthandler
import os
import signal
import sys
import threading
import time


def tell_where_it_is():
    """A crash in native code prints the Python calls that led to it; so does SIGUSR1, for a model that hangs."""
    faulthandler.enable(file=sys.stderr, all_threads=False)
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGUSR1, file=sys.stderr, all_threads=False)


def follow(parent):
    """Ends this process and those it has started when its parent has died, also while the model is busy or hangs."""
    threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent):
    while os.getppid() == parent:
        time.sleep(1)
    if hasattr(os, "getpgrp") and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


def limit_memory(most):
    """What the program, its libraries and its threads allocate; files that are only mapped do not count.

    Going over it is a MemoryError, or the end of the process where native code does not expect it.
    """
    try:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    except (ImportError, AttributeError, ValueError, OSError) as error:
        raise RuntimeError(f"this system cannot limit the memory of a process ({error})") from None
    if sys.platform != "linux":
        raise RuntimeError("only Linux can limit the memory of a process so that it is kept to")
