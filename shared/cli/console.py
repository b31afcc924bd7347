"""What every command uses: settings, logs, the event loop, progress, output and errors."""

from __future__ import annotations

import asyncio
import os
import platform
import re
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from itertools import takewhile
from typing import TYPE_CHECKING, Any, TypeVar

from shared.faults import Fault, Invalid, Misconfigured
from shared.observability import logs, tracing
from shared.observability.actor import Actor, acting
from shared.settings import Settings, load, without_password

if TYPE_CHECKING:
    from rich.progress import Progress

Answer = TypeVar("Answer")

_COMMAND = re.compile(r"[a-z][a-z-]*")
_EVERY = 1000  # steps between two lines of progress where there is no terminal


def settings_for_command() -> Settings:
    """The settings. Sets up the logs: warnings only, unless LOG_LEVEL says otherwise. Raises Misconfigured."""
    settings = load()
    logs.configure(settings.log_format, "warning" if settings.log_level == "info" else settings.log_level)
    return settings


def do(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run the work of a command in an event loop and a trace of its own."""

    async def traced() -> Answer:
        with tracing.of_request(None, None), acting(_actor()):
            return await work

    return asyncio.run(traced())


def _actor() -> Actor:
    """Whose doing are the changes of this command: its name without arguments, and the system's account."""
    words = takewhile(_COMMAND.fullmatch, sys.argv[1:3])
    return Actor(f"uid:{os.getuid()}", "command", platform.node(), " ".join(("satu", *words)))


def complain(fault: Fault | ModuleNotFoundError) -> int:
    """Print the fault on standard error, a line for each flaw; the exit status."""
    if isinstance(fault, ModuleNotFoundError):
        from shared.runtime.extras import import_failed  # noqa: PLC0415 - only this failure needs it

        fault = import_failed(fault)
    if isinstance(fault, Misconfigured | Invalid):
        lines = [f"{flaw.field}: {flaw.message}" for flaw in fault.flaws]
    else:
        lines = [fault.detail.replace("\n", " ")]
    for line in lines:
        sys.stderr.write(f"satu: {without_password(line)}\n")
    return 2


class CommandProgress:
    """The progress of long work: a bar on a terminal, a line every thousand steps in a log."""

    def __init__(self, label: str, total: int | None, bar: Progress | None) -> None:
        self._label = label
        self._total = total
        self._done = 0
        self._bar = bar
        self._task = bar.add_task(label, total=total) if bar is not None else None

    def update(self, done: int) -> None:
        """So many steps are done in all."""
        before, self._done = self._done, done
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done)
        elif done // _EVERY > before // _EVERY:
            sys.stderr.write(f"{self._label}: {done}{f' of {self._total}' if self._total else ''}\n")

    def advance(self) -> None:
        """One more step is done."""
        self.update(self._done + 1)


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[CommandProgress]:
    """Show the progress of long work on standard error."""
    if not sys.stderr.isatty():
        yield CommandProgress(label, total, None)
        return
    from rich.console import Console  # noqa: PLC0415 - slow to import; only for a bar on a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield CommandProgress(label, total, bar)


def say(line: str) -> None:
    """Print a line of the command's result on standard output."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
