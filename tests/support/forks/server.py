"""Imports everything once and forks a child for each request: ``python -m tests.support.forks.server FD``.

A new interpreter needs two seconds of processor time to import the services; a fork needs milliseconds. A child runs a
module as `python -m` does, with its own session, environment, working directory, output files and signal handlers, and
nothing that is random per process is shared. The server has no threads and no event loop. FD is a socket of
`tests.support.forks.process`; when it closes, all children are killed and the server ends.
"""

from __future__ import annotations

import array
import gc
import importlib
import json
import os
import pkgutil
import random
import runpy
import selectors
import signal
import socket
import sys
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

LARGEST_REQUEST = 1 << 18
READY = b"ready"
FILES = 3  # sent with a request: where the child's status goes, its standard output, its standard error
PACKAGES = ("shared", "services")
IMPORTED_LATE = (
    "aiosmtplib",
    "httptools",
    "motor.motor_asyncio",
    "openpyxl",
    "pydantic.v1.main",
    "pymongo",
    "tests.support.pipeline",
    "uvicorn.lifespan.off",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)
"""What the services import only while they start."""


@dataclass(frozen=True)
class Request:
    """module, arguments: as for `python -m`; environment: all of it."""

    module: str
    arguments: list[str]
    environment: dict[str, str]
    folder: str


def import_all() -> None:
    """Import every module of the services except command lines, which run as `__main__`; build their routes, and load
    the trusted root certificates."""
    for package in PACKAGES:
        for each in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not each.name.endswith("__main__"):
                importlib.import_module(each.name)
    for name in IMPORTED_LATE:
        with suppress(ModuleNotFoundError):
            importlib.import_module(name)
    importlib.import_module("tests.plugins.built_routes").build_all()
    importlib.import_module("tests.plugins.trusted_roots").default_ssl_context(_trust_env=False)
    for name in [name for name in sys.modules if name.endswith(".__main__")]:
        del sys.modules[name]  # each child runs it anew


def serve(control: socket.socket) -> tuple[Request, list[int]] | None:
    """Fork for each request until `control` closes. Returns twice: in a child with its request and files, and in the
    server, at its end, with None."""
    children: dict[int, socket.socket] = {}
    woken, waker = socket.socketpair()
    for each in (woken, waker):
        each.setblocking(False)  # noqa: FBT003 - the method's signature
    signal.set_wakeup_fd(waker.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests, which then close the socket
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is woken:
                    woken.recv(4096)
                    _reap(children, selector)
                elif key.fileobj is not control:  # the test that started this child is gone
                    selector.unregister(key.fileobj)
                    _kill(key.data)
                else:
                    received = _receive(control)
                    if received is None:
                        _end(children)
                        return None
                    request, files = received
                    child = os.fork()
                    if child == 0:
                        for each in (control, woken, waker, *children.values()):
                            each.close()
                        return request, files
                    status = socket.socket(fileno=files[0])
                    for file in files[1:]:
                        os.close(file)
                    children[child] = status
                    selector.register(status, selectors.EVENT_READ, child)
                    with suppress(OSError):
                        status.sendall(f"{child}\n".encode())


def _receive(control: socket.socket) -> tuple[Request, list[int]] | None:
    files = array.array("i")
    space = socket.CMSG_LEN(FILES * files.itemsize)
    data, ancillary, _, _ = control.recvmsg(LARGEST_REQUEST, space)
    if not data:
        return None
    for level, kind, content in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            files.frombytes(content[: len(content) - len(content) % files.itemsize])
    return Request(**json.loads(data)), list(files)


def _reap(children: dict[int, socket.socket], selector: selectors.BaseSelector) -> None:
    """Report the status of every child that has ended."""
    while children:
        child, status = os.waitpid(-1, os.WNOHANG)
        if child == 0:
            return
        channel = children.pop(child)
        with suppress(KeyError):
            selector.unregister(channel)
        with suppress(OSError):
            channel.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
        channel.close()


def _kill(child: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


def _end(children: dict[int, socket.socket]) -> None:
    for child in children:
        _kill(child)
    for child in children:
        os.waitpid(child, 0)


def become(request: Request, files: list[int]) -> None:
    """Make this fork what a new process would be."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    null = os.open(os.devnull, os.O_RDONLY)
    for file, number in zip((null, *files[1:]), range(3), strict=True):
        os.dup2(file, number)
    for file in (null, *files):
        os.close(file)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process lives
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(request.environment)
    time.tzset()
    os.chdir(request.folder)
    random.seed()
    forget_the_server()
    sys.argv = [request.module, *request.arguments]


def forget_the_server() -> None:
    """Draw again what a module draws once per process."""
    from shared.adapters import lease_owner  # noqa: PLC0415 - the server imports the services in `import_all`

    lease_owner._BOOT = uuid.uuid4().hex


def main() -> Any:  # noqa: ANN401 - what a module's end is
    """Serve; in a child, run the module."""
    control = socket.socket(fileno=int(sys.argv[1]))
    import_all()
    if threading.active_count() > 1:
        sys.exit(f"threads would not live on in a fork: {threading.enumerate()}")
    gc.collect()
    gc.freeze()  # so that no collection copies memory that the children share
    control.sendall(READY)
    forked = serve(control)
    if forked is not None:
        become(*forked)
        runpy.run_module(forked[0].module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
