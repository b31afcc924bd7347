"""Reads CSV as offices have it: UTF-8, UTF-16 or Windows-1252; comma, semicolon or tab."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from shared.tables.cells import Cell, Unusable
from shared.tables.disarming import armed
from shared.tables.limits import MOST_COLUMNS, MOST_LINES, Budget, refused
from shared.tables.line_file import RawLine
from shared.tables.raw import RawSheet

_CHUNK = 256 * 1024  # bytes
_HEAD = 64 * 1024  # characters that decide the separator
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATORS = ",;\t"
_DECLARED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # what Excel writes into a first line
_BINARY = re.compile("[\x00-\x08\x0e-\x1f]")
_ERRORS = frozenset(("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"))
_FORMULA = re.compile(r"\s*[=\uff1d]")
_LONGEST_LINE = 1024 * 1024  # characters
_MOST_BLANK = 1_000_000  # lines in all


def read_csv(file: BinaryIO, budget: Budget) -> RawSheet:
    """The only sheet of a CSV file, from its present position. Raises Invalid (field `file`)."""
    encoding = _encoding(file)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        return _read(text, budget)
    except UnicodeError:
        raise refused("wrong-encoding", "pengodean berkas tidak dikenali; simpan sebagai CSV UTF-8") from None
    except csv.Error:
        raise refused(
            "malformed", "bukan CSV yang utuh: ada tanda kutip yang tidak ditutup atau sel yang terlalu besar"
        ) from None
    finally:
        text.detach()


def _read(text: io.TextIOWrapper, budget: Budget) -> RawSheet:
    sheet, separator = RawSheet(""), ","
    head = text.read(_HEAD)
    text.seek(0)
    if declared := _DECLARED.match(head):
        separator = declared[1] if declared[1] in _SEPARATORS else separator
    else:
        separator = max(_SEPARATORS, key=_first_lines(head).count)
    records = csv.reader(_lines(text), delimiter=separator, strict=True)
    for number, cells in enumerate(records, start=1):
        if number == 1 and declared:
            continue
        found = {place: _cell(cell, budget) for place, cell in enumerate(cells[:MOST_COLUMNS]) if cell.strip()}
        if found:
            sheet.add(RawLine(number, found))
        if len(sheet) > MOST_LINES or number > _MOST_BLANK:
            raise refused("too-long", f"paling banyak {MOST_LINES} baris sekaligus")
    sheet.finish([])
    return sheet


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    for line in iter(partial(text.readline, _LONGEST_LINE), ""):
        if len(line) == _LONGEST_LINE:
            raise refused("malformed", "bukan CSV: sebuah baris terlalu panjang")
        if _BINARY.search(line):
            raise refused("binary", "bukan berkas teks; simpan sebagai CSV UTF-8 atau XLSX")
        yield line


def _first_lines(head: str) -> str:
    """The first lines, without what is in quotation marks."""
    return re.sub(r'"[^"]*"', "", head[: 8 * 1024])


def _cell(cell: str, budget: Budget) -> Cell:
    budget.cell()
    if _FORMULA.match(cell):
        return Unusable("formula", budget.text(cell[:200]))
    if cell.strip() in _ERRORS:
        return Unusable("error", budget.text(cell))
    return budget.text(armed(cell))


def _encoding(file: BinaryIO) -> str:
    """The encoding of the text from the present position on; the position stays. Raises Invalid."""
    start = file.tell()
    head = file.read(_CHUNK)
    file.seek(start)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    nulls = head[1::2].count(0), head[::2].count(0)
    if max(nulls) * 4 > len(head):  # Latin text in UTF-16 is half zeros
        if min(nulls) * 4 > len(head):
            raise refused("binary", "bukan berkas teks; simpan sebagai CSV UTF-8 atau XLSX")
        return "utf-16-le" if nulls[0] > nulls[1] else "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        file.seek(start)
    return "utf-8"
