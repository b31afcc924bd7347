"""What a process says of itself, and `satu` commands beside it, as an operator runs them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.faults.processes import Town
from tests.support.paths import ROOT

SOON = 20.0
"""Seconds within which every question is answered, whatever is away."""


async def standings(town: Town) -> dict[str, Any]:
    """Part → how it stands: the body of `/health/ready`."""
    async with httpx.AsyncClient(trust_env=False, timeout=SOON) as http:
        return dict((await http.get(f"{town.url}/health/ready")).json()["parts"])


async def numbers(town: Town, beginning: str) -> dict[str, float]:
    """The metrics whose line begins so."""
    async with httpx.AsyncClient(trust_env=False, timeout=SOON) as http:
        lines = (await http.get(f"{town.url}/metrics")).text.splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line.startswith(beginning)}


async def lives(town: Town) -> None:
    """The process answers, and has never died."""
    async with httpx.AsyncClient(trust_env=False, timeout=SOON) as http:
        assert (await http.get(f"{town.url}/health/live")).json() == {"live": True}
    assert town.process.deaths == 0
    assert town.process.fault() is None


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    status: int
    out: str
    err: str


async def satu(environment: Mapping[str, str], *arguments: str) -> Said:
    """Run `satu` with these arguments, in a process of its own."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "shared.cli", *arguments),
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await child.communicate()
    return Said(child.returncode or 0, out.decode(), err.decode())
