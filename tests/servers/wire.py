"""A TCP proxy between a client and a server that a test can cut or hold."""

from __future__ import annotations

import asyncio
import contextlib


class Wire:
    """Listens on loopback and passes bytes both ways. After `cut` the peer looks like a killed process, during `hold`
    like a frozen one: connections stay open and no bytes pass. During `hold_answers` the server gets all it is sent."""

    def __init__(self, port: int) -> None:
        """port: where the server listens on loopback."""
        self._to = port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._passing = asyncio.Event()
        self._answering = asyncio.Event()
        self.release()

    async def open(self) -> int:
        """The port for the client."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    def hold(self) -> None:
        self._passing.clear()

    def hold_answers(self) -> None:
        self._answering.clear()

    def release(self) -> None:
        self._passing.set()
        self._answering.set()

    def cut(self) -> None:
        """Abort every connection; new ones are accepted."""
        for writer in self._writers:
            writer.transport.abort()

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.transport.abort()
            return
        self._writers.add(far_writer)
        for source, sink, gate in ((reader, far_writer, None), (far_reader, writer, self._answering)):
            task = asyncio.create_task(self._pass(source, sink, gate))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, gate: asyncio.Event | None) -> None:
        try:
            with contextlib.suppress(ConnectionError):
                while data := await source.read(65536):
                    await self._passing.wait()
                    if gate is not None:
                        await gate.wait()
                    sink.write(data)
                    await sink.drain()
        finally:
            sink.transport.abort()
            self._writers.discard(sink)
