"""Resolves host names in threads of its own: a name server that hangs must not take the threads of the stores."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Host and port → every address of the host, each once, in the order of preference. Raises OSError."""

_THREADS = 8


async def resolve(host: str, port: int) -> list[str]:
    """A `Resolve` by the system's resolver."""
    return await asyncio.get_running_loop().run_in_executor(_threads(), _addresses, host, port)


def _addresses(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, "resolve")
