"""`satu precheck` reads files without a server, and `satu likeness` runs beside one."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from random import Random

import pytest
import typer
from typer.testing import CliRunner

from services.registry.evidence.precheck import command as precheck
from services.registry.innovation.likeness import command as likeness
from shared.faults import Invalid
from tests.support.likeness.proposals import copied, proposal
from tests.support.paths import ROOT
from tests.support.precheck.pdfs import pdf_of, scan_of
from tests.support.registry_service import REGION, running_registry

LETTER = ["SURAT TUGAS", "Nomor : 7/DS/2026", "Perihal : Undangan Rapat", "Sungai Raya, 3 Mei 2026"]


async def satu(folder: Path, *words: str) -> tuple[int | None, str, str]:
    """The exit status and what it printed on both."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "shared.cli", *words),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(folder)},
        stdout=PIPE,
        stderr=PIPE,
    )
    printed, complained = await process.communicate()
    return process.returncode, printed.decode(), complained.decode()


def here(*words: str) -> tuple[int, str]:
    """As `satu`, in this process: the exit status and what it printed. Raises the command's fault."""
    app = typer.Typer()
    app.callback()(lambda: None)
    precheck.commands(app)
    likeness.commands(app)
    found = CliRunner().invoke(app, words, catch_exceptions=False, standalone_mode=False)
    return found.return_value or 0, found.stdout


def test_files_are_pre_checked_without_a_server(tmp_path: Path) -> None:
    right, scan = tmp_path / "surat.pdf", tmp_path / "pindai.pdf"
    right.write_bytes(pdf_of(LETTER))
    scan.write_bytes(scan_of())
    asked = ("--number", "7/DS/2026", "--date", "2026-05-03", "--subject", "undangan rapat", "--row", "17")

    good = here("precheck", str(right), *asked, "--year", "2026")
    doubtful = here("precheck", str(right), *asked, "--year", "2030", "--json")
    unread = here("precheck", str(scan), "--number", "7/DS/2026")

    assert good[0] == 0
    assert "Nomor surat “7/DS/2026” ditemukan di halaman 1: “Nomor : 7/DS/2026”." in good[1]
    assert doubtful[0] == 1
    assert json.loads(doubtful[1])["doubtful"] == ["years"]
    assert unread[0] == 1
    assert "hasil pindai" in unread[1]


def test_a_wrong_option_or_file_is_named(tmp_path: Path) -> None:
    for words, field in (
        (("precheck", "surat.pdf", "--date", "3 Mei 2026"), "--date"),
        (("precheck", "surat.pdf", "--row", "99", "--year", "2026"), "--row"),
        (("precheck", str(tmp_path / "lain.pdf")), str(tmp_path / "lain.pdf")),
        (("likeness",), "innovation"),
    ):
        with pytest.raises(Invalid) as refused:
            here(*words)
        assert refused.value.flaws[0].field == field


async def test_alike_innovations_are_printed_beside_a_running_registry(tmp_path: Path) -> None:
    random = Random(1)
    original = proposal(random, 0)
    async with running_registry(tmp_path) as registry:
        await registry.region()
        agency = await registry.agency()
        places = [
            await registry.draft(agency, key, profile=profile)
            for key, profile in (("a", original), ("b", copied(random, original)), ("c", proposal(random, 1)))
        ]
        for place in places:
            done = await registry.by("curator").change("POST", f"{place}/submit", of=place)
            assert done.is_success, done.text
        first, again, _ = (place.rpartition("/")[2] for place in places)

        pairs = await satu(tmp_path, "likeness", "--region", REGION, "--year", "2026")

    assert pairs[0] == 0, pairs[2]
    lines = pairs[1].splitlines()
    assert (lines[0].split()[0], lines[1].split()[:2]) == (again, ["same:", first])
    assert "bukan penilaian" in lines[1]
