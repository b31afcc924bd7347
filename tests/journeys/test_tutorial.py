"""The tutorial: every command of docs/tutorial.md, run by bash against an embedded process, prints what the page shows.

In the page, `…` stands for text that differs from run to run.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import httpx2
import pytest

from tests.servers.need import missing
from tests.support.client import eventually
from tests.support.faults.processes import free_port
from tests.support.paths import ROOT

TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(bash|text)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BUSINESS_TIME = re.search(r"BUSINESS_TIME=(\S+)", TUTORIAL)
PATIENCE = 240.0  # seconds for all commands, on a busy machine
MARK = "--- end of block"

pytestmark = [pytest.mark.xdist_group("tutorial"), pytest.mark.timeout(300)]


def blocks() -> list[tuple[str, str | None]]:
    """Each block of commands with the output that the page shows for it, None if it shows none."""
    found: list[tuple[str, str | None]] = []
    for language, text in BLOCK.findall(TUTORIAL):
        if language == "bash":
            found.append((text, None))
        else:
            found[-1] = (found[-1][0], text)
    return found


async def test_every_command_prints_what_the_page_shows(tmp_path: Path) -> None:
    assert BUSINESS_TIME is not None
    curl = await asyncio.create_subprocess_exec("bash", "-c", "command -v curl >/dev/null")
    if await curl.wait() != 0:
        missing("curl", "on Debian: sudo apt-get install curl")
    settings = {"DATA_DIR": str(tmp_path / "data"), "BUSINESS_TIME": BUSINESS_TIME[1], "LOG_FORMAT": "json"}
    settings["ADMIN_ADDRESS"] = "127.0.0.1:0"
    settings |= {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    satu = tmp_path / "satu"
    satu.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m shared.cli "$@"\n')
    satu.chmod(0o755)
    async with started(settings) as url:
        printed = await run({**settings, "SATU": url})

    shown = [output for _, output in blocks()]
    assert len(shown) > 5
    for expected, actual in zip(shown, printed, strict=True):
        if expected is not None:
            assert re.fullmatch(re.escape(expected).replace("…", ".+"), actual), actual


@asynccontextmanager
async def started(settings: dict[str, str]) -> AsyncIterator[str]:
    """`satu up` as the page starts it; its address, once it is ready."""
    port = free_port()
    log = Path(settings["HOME"]) / "up.log"
    with log.open("wb") as out:
        command = ["satu", "up", "--port", str(port)]
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=settings, stdout=out, stderr=out)
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
            await eventually(partial(_is_ready, http), within=60)
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
        assert await process.wait() == 0, log.read_text()[-4000:]


async def run(settings: dict[str, str]) -> list[str]:
    """Run all blocks in one shell, as a reader does; what each printed."""
    lines = ["set -euo pipefail", *(f"{commands}\necho '{MARK}'" for commands, _ in blocks())]
    shell = await asyncio.create_subprocess_exec(
        *("bash", "-c", "\n".join(lines)),
        cwd=ROOT,
        env=settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        out, err = await shell.communicate()
    assert shell.returncode == 0, f"{out.decode()}\n{err.decode()}"
    return out.decode().split(f"{MARK}\n")[:-1]


async def _is_ready(http: httpx2.AsyncClient) -> bool:
    try:
        return (await http.get("/health/ready")).is_success
    except httpx2.TransportError:
        return False
