"""`satu files sweep`, as a process of its own beside a registry."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from tests.support.paths import ROOT
from tests.support.registry_service import running_registry
from tests.support.small_files import PDF_FILE


async def satu(folder: Path, *words: str) -> tuple[int | None, str]:
    """The exit status and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "shared.cli", *words),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(folder)},
        stdout=PIPE,
    )
    printed, _ = await process.communicate()
    return process.returncode, printed.decode()


async def test_unreferenced_files_are_counted_and_removed_beside_a_running_registry(tmp_path: Path) -> None:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        place = await registry.draft(await registry.agency())
        curator = registry.by("curator")
        for row in ("16", "17"):
            files = {"file": (f"{row}.pdf", PDF_FILE + row.encode(), "application/pdf")}
            added = await curator.change("POST", f"{place}/evidence/{row}/files", of=place, files=files)
            assert added.is_success
        (file,) = added.json()["evidence"]["17"]["files"]
        await curator.change("DELETE", f"{place}/evidence/17/files/{file['digest']}", of=place)

        early = await satu(tmp_path, "files", "sweep")
        tried = await satu(tmp_path, "files", "sweep", "--grace-hours", "0", "--dry-run")
        swept = await satu(tmp_path, "files", "sweep", "--grace-hours", "0")
        again = await satu(tmp_path, "files", "sweep", "--grace-hours", "0")

        size = len(PDF_FILE) + 2
        assert early == (0, "0 files, 0 bytes removed; 0 unreferenced ones wait\n")
        assert tried == (0, f"1 files, {size} bytes would be removed; 0 unreferenced ones wait\n")
        assert swept == (0, f"1 files, {size} bytes removed; 0 unreferenced ones wait\n")
        assert again == (0, "0 files, 0 bytes removed; 0 unreferenced ones wait\n")
        assert [digest async for digest in registry.files.digests()] != [file["digest"]]
        assert await registry.files.stat(file["digest"]) is None
