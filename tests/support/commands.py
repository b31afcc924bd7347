"""The commands of `satu` as an operator gives them, beside or instead of the running process."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass

from tests.support.faults.processes import Town
from tests.support.paths import ROOT


@dataclass(frozen=True)
class Ack:
    """What became of a command."""

    status: int
    out: str
    err: str


async def satu(town: Town, *arguments: str, status: int = 0) -> Ack:
    """Run it with the settings of the town's process; it must end with that status."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "shared.cli", *arguments),
        cwd=ROOT,
        env={**os.environ, **town.process.environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, err = await child.communicate()
    done = Ack(child.returncode if child.returncode is not None else -1, out.decode(), err.decode())
    assert done.status == status, done
    assert "Traceback" not in done.err, done.err
    return done
