"""Workbooks that are made to fill memory, disk or time. Each is refused in words; the peak of memory is measured in a
process of its own."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.faults import Invalid
from tests.support.paths import ROOT
from tests.unit.tables.books import AGENCIES, book, repacked, replacing, tables

SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"
PLAIN = book(OPD=[AGENCIES, ["Dinas Sosial", "Dinas"]])


def sheet(rows: str) -> bytes:
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return repacked(PLAIN, replacing({SHEET: lambda _: f"{start}{rows}</sheetData></worksheet>".encode()}))


def zeros(name: str, megabytes: int) -> bytes:
    """A part of nothing but blanks."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        with zipfile.ZipFile(io.BytesIO(PLAIN)) as old:
            for other in old.namelist():
                if other != name:
                    new.writestr(other, old.read(other))
        with new.open(name, "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(b" " * 1024 * 1024)
    return file.getvalue()


def smaller_in_the_directory(body: bytes) -> bytes:
    """A bomb whose directory claims ten bytes for each part."""
    data = bytearray(body)
    place = 0
    while (place := data.find(b"PK\x01\x02", place)) >= 0:
        data[place + 24 : place + 28] = (10).to_bytes(4, "little")
        place += 4
    return bytes(data)


def laughing(text: bytes) -> bytes:
    return b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>' + text.replace(b"?>", b"?>", 1)


def long_rows(count: int, cells: int) -> str:
    """Rows with so many cells of 30,000 characters."""
    cell = f'<c t="inlineStr"><is><t>{"a" * 30_000}</t></is></c>'
    return "".join(f'<row r="{number}">{cell * cells}</row>' for number in range(1, count + 1))


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a gigabyte of nothing": (lambda: zeros(SHEET, 1024), "too-large"),
    "styles of blanks": (lambda: zeros(STYLES, 300), "too-large"),
    "a directory that lies": (lambda: smaller_in_the_directory(zeros(SHEET, 20)), "unreadable"),
    "a directory without end": (lambda: repacked(PLAIN, **{f"x{n}": b"" for n in range(25_000)}), "too-large"),
    "entities": (lambda: repacked(PLAIN, replacing({SHEET: laughing})), "unreadable"),
    "a cell of 10 MB": (
        lambda: sheet(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"a" * 10_000_000}</t></is></c></row>'),
        "too-large",
    ),
    "an attribute of 10 MB": (lambda: sheet(f'<row r="{"1" * 10_000_000}"/>'), "unreadable"),
    "elements within elements": (lambda: sheet("<a>" * 100_000), "unreadable"),
    "a million lines": (
        lambda: sheet("".join(f'<row r="{n}"><c><v>1</v></c></row>' for n in range(21_000))),
        "too-long",
    ),
    "a line of 600 KB": (lambda: sheet(long_rows(1, 20)), "too-large"),
    "titles of 3 MB": (lambda: sheet(long_rows(25, 4)), "too-large"),
    "macros": (lambda: repacked(PLAIN, xl__vbaProject_dot_bin=b"x"), "macros"),
    "a text that is not there": (lambda: sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), "unreadable"),
    "no workbook in it": (lambda: repacked(PLAIN, replacing({BOOK: lambda _: b"<a/>"})), "no-sheet"),
    "half a file": (lambda: PLAIN[: len(PLAIN) // 2], "unreadable"),
    "merged without end": (
        lambda: repacked(
            PLAIN,
            replacing(
                {
                    SHEET: lambda data: data.replace(
                        b"</sheetData>", b"</sheetData>" + b'<mergeCell ref="A1:A9"/>' * 20_001
                    )
                }
            ),
        ),
        "too-large",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_in_words(name: str) -> None:
    made, code = HOSTILE[name]

    with pytest.raises(Invalid) as refused:
        tables(made())

    assert [(each.field, each.code) for each in refused.value.flaws] == [("file", code)]


def test_a_single_cell_at_the_far_corner_costs_nothing() -> None:
    body = sheet(
        '<row r="1"><c t="inlineStr"><is><t>Nama</t></is></c><c t="inlineStr"><is><t>Jenis</t></is></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )

    assert list(tables(body)[0].rows) == []


_PEAK = """
import sys
from pathlib import Path
import shared.tables.reading as reading
from shared.faults import Invalid
try:
    found = reading.read_tables(Path(sys.argv[1]))
    print("read", len(found[0].rows))
except Invalid as fault:
    print(fault.flaws[0].code)
status = Path("/proc/self/status").read_text()  # getrusage tells the peak of the process that started this one
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""


def peak(path: Path) -> tuple[str, int]:
    """What came of reading a file in a process of its own, and its peak in MB."""
    run = [sys.executable, "-c", _PEAK, str(path)]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    answer, megabytes = done.stdout.split("\n")[:2]
    return answer, int(megabytes)


def test_texts_that_fill_all_limits_stay_below_150_mb(tmp_path: Path) -> None:
    signs = "".join(chr(0x1F600 + number) for number in range(50))  # four bytes each in memory
    rows = "".join(f'<row r="{n}"><c t="inlineStr"><is><t>{n} {signs * 60}</t></is></c></row>' for n in range(1, 9_000))
    (tmp_path / "texts.xlsx").write_bytes(sheet(rows))

    answer, megabytes = peak(tmp_path / "texts.xlsx")

    assert answer == "too-large"
    assert megabytes < 150
