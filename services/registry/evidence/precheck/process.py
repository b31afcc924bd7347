"""Has PDFs read by a process of their own, so that a hostile file can neither stop nor exhaust the service.

The process is started with the first file, reads one file at a time, and is ended when it is idle, when a file takes
too long, or when it breaks. It gets no settings, and no file of the service but the one that it reads.
"""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path

import structlog

from services.registry.evidence.precheck import reader
from services.registry.evidence.precheck.text import DocumentText, TextState
from shared.faults import Busy

GIVEN_UP = 2 * reader.SECONDS  # seconds; the process gives up a file by itself long before
IDLE = 30.0  # seconds without a file, after which the process is ended
MOST_WAITING = 4  # files; further ones get Busy
MOST_FILES = 200  # by one process, so that no leak in it lasts

log = structlog.get_logger("precheck")


class PdfProcess:
    """Reads the text of PDFs. Safe for many coroutines of one loop."""

    def __init__(self, *, given_up: float = GIVEN_UP, idle: float = IDLE) -> None:
        """given_up: seconds after which a file is given up; idle: seconds."""
        self._given_up = given_up
        self._idle = idle
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._files = 0
        self._ending: asyncio.Task[None] | None = None

    async def read(self, data: bytes) -> DocumentText:
        """The text of a file; every file gives one. Raises Busy while too many others wait."""
        if self._waiting >= MOST_WAITING:
            raise Busy("Terlalu banyak berkas sedang diperiksa; coba lagi sebentar lagi.")
        self._waiting += 1
        try:
            async with self._turn:
                self._awake()
                return await self._read(data)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """End the process."""
        self._awake()
        async with self._turn:
            await self._end()

    async def _read(self, data: bytes) -> DocumentText:
        answered = False
        try:
            async with asyncio.timeout(self._given_up):
                process = await self._running()
                answer = await _asked(process, data)
            answered = True
        except (TimeoutError, OSError, EOFError) as error:
            log.warning("precheck.given-up", bytes=len(data), error=type(error).__name__)
            return DocumentText(TextState.TOO_COMPLEX)
        finally:
            if answered:
                self._ending = asyncio.create_task(self._end_when_idle(), name="precheck idle")
            else:  # also when the caller is cancelled: what is left in the pipes belongs to no one
                await self._end()
        found = DocumentText.of(json.loads(answer))
        if found.state is TextState.TOO_COMPLEX or self._files >= MOST_FILES:
            await self._end()
        return found

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            await self._end()
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", str(Path(reader.__file__))), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}
            )
            self._files = 0
        self._files += 1
        return self._process

    def _awake(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None

    async def _end_when_idle(self) -> None:
        await asyncio.sleep(self._idle)
        async with self._turn:
            await self._end()

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


async def _asked(process: Process, data: bytes) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(reader.FILE_HEAD.pack(len(data)))
    process.stdin.write(data)
    await process.stdin.drain()
    head = await process.stdout.readexactly(reader.ANSWER_HEAD.size)
    return await process.stdout.readexactly(reader.ANSWER_HEAD.unpack(head)[0])
