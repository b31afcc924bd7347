"""`satu package`, as a process of its own beside a registry."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

from tests.contract.cli.test_satu_files import satu
from tests.support.exports.package_samples import all_rows, verified, write
from tests.support.registry_service import running_registry


async def test_a_package_is_checked_refused_and_written_beside_a_running_registry(tmp_path: Path) -> None:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        agency = await registry.agency()
        rows = await all_rows(registry.files, b"a", rows=("16", "17", "32", "33"))
        await write(registry.store, verified("a", agency, rows))
        out = tmp_path / "paket.zip"

        checked = await satu(tmp_path, "package", "61.12", "2026")
        refused = await satu(tmp_path, "package", "61.12", "2026", "--out", str(out))
        kept = packages_in(tmp_path)
        written = await satu(tmp_path, "package", "61.12", "2026", "--out", str(out), "--take", "all")

        status, printed = checked
        first, last = printed.splitlines()
        assert status == 1
        assert first.startswith("001 Layanan Antar Dokumen: SALAH: Indikator 35: indikator wajib belum terbukti")
        size = sum(each.files[0].size for each in rows.values())
        assert last == (f"1 innovations, 0 ready, 0 left out for their age; 4 files, {size} bytes; 1 errors, 0 hints")
        assert (refused, kept) == ((2, ""), [])
        assert written == (0, f"{out}: {out.stat().st_size} bytes\n")
        with ZipFile(out) as book:
            assert book.testzip() is None
            assert len(book.namelist()) == 1 + 4 + 3


def packages_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.glob("paket*"))
