"""How a command is done: settings, logs, the loop, and what is said when it fails."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from shared.faults import Fault, Invalid, Misconfigured
from shared.observability import logs, tracing
from shared.settings import Settings, load, without_password

if TYPE_CHECKING:
    from rich.progress import Progress

Answer = TypeVar("Answer")

_EVERY = 1000  # steps between two lines of progress where there is no terminal


def settings_for_command() -> Settings:
    """The settings; logs of a command are only what warns, unless LOG_LEVEL asks for more. Raises Misconfigured."""
    settings = load()
    logs.configure(settings.log_format, "warning" if settings.log_level == "info" else settings.log_level)
    return settings


def do(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run the work of a command in a loop of its own, under a trace of its own."""

    async def traced() -> Answer:
        with tracing.of_request(None, None):
            return await work

    return asyncio.run(traced())


def complain(fault: Fault) -> int:
    """Say what is wrong, a line for each flaw, and give the exit status."""
    if isinstance(fault, Misconfigured | Invalid):
        lines = [f"{flaw.field}: {flaw.message}" for flaw in fault.flaws]
    else:
        lines = [fault.detail.replace("\n", " ")]
    for line in lines:
        sys.stderr.write(f"satu: {without_password(line)}\n")
    return 2


class Steps:
    """Counts steps of long work: a bar on a terminal, a line now and then in a log."""

    def __init__(self, label: str, total: int | None, progress: Progress | None) -> None:
        self._label = label
        self._total = total
        self._done = 0
        self._progress = progress
        self._task = progress.add_task(label, total=total) if progress is not None else None

    def reach(self, done: int) -> None:
        """So many steps are done."""
        before, self._done = self._done, done
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=done)
        elif done // _EVERY > before // _EVERY:
            sys.stderr.write(f"{self._label}: {done}{f' of {self._total}' if self._total else ''}\n")

    def step(self) -> None:
        """One more is done."""
        self.reach(self._done + 1)


@contextmanager
def steps(label: str, total: int | None = None) -> Iterator[Steps]:
    """Show the progress of long work on standard error."""
    if not sys.stderr.isatty():
        yield Steps(label, total, None)
        return
    from rich.console import Console  # noqa: PLC0415 - slow to import; only for a bar on a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Steps(label, total, progress)


def say(line: str) -> None:
    """A line of the command's answer, on standard output."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
