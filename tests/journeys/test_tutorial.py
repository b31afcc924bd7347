"""The tutorial: every command of docs/tutorial.md, run by bash against an embedded process, prints what the page shows.

In the page, `…` stands for text that differs from run to run.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

from tests.servers.need import missing
from tests.support.faults.processes import Process
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
    process = Process(("up",), {**settings, "STORE_URL": "", "BUS_URL": "", "SMTP_URL": ""}, tmp_path / "up.log")
    await process.start()
    try:
        await process.ready()
        printed = await run(tmp_path, {**settings, "SATU": process.url})
    finally:
        await process.stop()

    shown = [output for _, output in blocks()]
    assert len(shown) > 5
    for expected, actual in zip(shown, printed, strict=True):
        if expected is not None:
            assert re.fullmatch(re.escape(expected).replace("…", ".+"), actual), actual


async def run(folder: Path, settings: dict[str, str]) -> list[str]:
    """Run all blocks in one shell, as a reader does; what each printed."""
    satu = folder / "satu"
    satu.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m shared.cli "$@"\n')
    satu.chmod(0o755)
    lines = ["set -euo pipefail", *(f"{commands}\necho '{MARK}'" for commands, _ in blocks())]
    shell = await asyncio.create_subprocess_exec(
        *("bash", "-c", "\n".join(lines)),
        cwd=ROOT,
        env={"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder), "TMPDIR": str(folder), **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        out, err = await shell.communicate()
    assert shell.returncode == 0, f"{out.decode()}\n{err.decode()}"
    return out.decode().split(f"{MARK}\n")[:-1]
