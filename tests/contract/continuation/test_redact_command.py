"""`satu redact` on a registry's data: the same as over HTTP."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.adapters.folder import FolderFiles
from shared.cli.__main__ import build
from shared.faults import Invalid, NotFound
from tests.support.registry_service import RegistryService, running_registry
from tests.support.small_files import PDF_FILE
from tests.support.tables import imported, workbook

Satu = Callable[..., list[str]]

EVIDENCE, PAPER = PDF_FILE + b"% KTP", PDF_FILE + b"% NIK"
TABLE = workbook({"OPD": [("Nama OPD", "Jenis"), ("Dinas Sosial", "Dinas")]})
WHY = ("--reason", "Memuat data pribadi.")


@pytest.fixture
def office(tmp_path: Path) -> dict[str, str]:
    """Ids and digests of an innovation with a file, of a commitment with a paper and of an import."""

    async def made() -> dict[str, str]:
        async with running_registry(tmp_path) as registry:
            await registry.region()
            agency = await registry.agency()
            place = await registry.draft(agency)
            await put(registry, "POST", place, "/evidence/16/files", EVIDENCE)
            promise = {"agency": agency, "year": 2026, "number": "PI/1", "dated": "2026-02-02", "promises": []}
            await registry.by("curator")("POST", "/commitments", promise)
            await put(registry, "PUT", f"/commitments/{agency}/2026", "/file", PAPER)
            run = await imported(registry, "agencies", TABLE)
            return {
                "agency": agency,
                "innovation": place.rpartition("/")[2],
                "import": run["id"],
                "table": run["digest"],
            }

    return asyncio.run(made())


async def put(registry: RegistryService, method: str, of: str, path: str, content: bytes) -> None:
    file = {"file": ("berkas.pdf", content, "application/pdf")}
    answer = await registry.by("curator").change(method, f"{of}{path}", of=of, files=file)
    assert answer.is_success, answer.text


@pytest.fixture
def satu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Satu:
    """Run a command in this process; the lines that it printed."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))

    def run(*words: str) -> list[str]:
        build(words[0])(list(words), standalone_mode=False)
        return capsys.readouterr().out.splitlines()

    return run


def stored(folder: Path) -> set[str]:
    async def digests() -> set[str]:
        files = FolderFiles(folder / "files")
        await files.open()
        return {digest async for digest in files.digests()}

    return asyncio.run(digests())


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_files_of_innovations_commitments_and_imports_are_redacted(
    office: dict[str, str], satu: Satu, tmp_path: Path
) -> None:
    assert stored(tmp_path) >= {digest(EVIDENCE), digest(PAPER), office["table"]}

    lines = [
        *satu("redact", "innovation", office["innovation"], digest(EVIDENCE), *WHY),
        *satu("redact", "commitment", office["agency"], "2026", digest(PAPER), *WHY),
        *satu("redact", "import", office["import"], office["table"], *WHY),
    ]

    assert lines == [f"{each}: its bytes are gone" for each in (digest(EVIDENCE), digest(PAPER), office["table"])]
    assert not stored(tmp_path) & {digest(EVIDENCE), digest(PAPER), office["table"]}

    async def shown() -> list[str]:
        async with running_registry(tmp_path) as registry:
            ask = registry.by("curator")
            answers = [
                await ask("GET", f"/innovations/{office['innovation']}"),
                await ask("GET", f"/commitments/{office['agency']}/2026"),
                await ask("GET", f"/imports/{office['import']}"),
            ]
            return [each["reason"] for answer in answers for each in answer.json()["redactions"]]

    assert asyncio.run(shown()) == [WHY[1]] * 3


def test_what_is_not_there_or_has_no_reason_is_refused(office: dict[str, str], satu: Satu) -> None:
    with pytest.raises(NotFound):
        satu("redact", "innovation", office["innovation"], "0" * 64, *WHY)
    with pytest.raises(Invalid):
        satu("redact", "commitment", office["agency"], "2026", digest(PAPER), "--reason", " ")
