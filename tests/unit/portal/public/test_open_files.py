"""Open data are well formed, whatever the names are."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from decimal import Decimal

from services.portal.public.open_files import as_csv, as_json
from services.portal.public.open_rows import Row

COLUMNS = ("nama", "tahun", "kematangan")


async def pages(*found: list[Row]) -> AsyncIterator[list[Row]]:
    for each in found:
        yield each


async def joined(pieces: AsyncIterator[bytes]) -> str:
    return b"".join([each async for each in pieces]).decode()


async def test_a_table_is_read_back_as_it_was_written() -> None:
    rows: list[Row] = [{"nama": 'Adu "KPM", baru\nbaris', "tahun": 2025, "kematangan": Decimal("87.50")}]

    read = list(csv.DictReader(io.StringIO(await joined(as_csv(COLUMNS, pages(rows))), newline="")))

    assert read == [{"nama": 'Adu "KPM", baru\nbaris', "tahun": "2025", "kematangan": "87.50"}]


async def test_a_name_that_a_spreadsheet_would_run_is_disarmed_and_a_negative_number_is_not() -> None:
    rows: list[Row] = [{"nama": "=1+1", "tahun": None, "kematangan": Decimal(-1)}]

    text = await joined(as_csv(COLUMNS, pages(rows)))

    assert text.splitlines()[1] == "'=1+1,,-1"


async def test_json_has_the_licence_and_the_rows_of_all_pages() -> None:
    one: Row = {"nama": "A", "tahun": 2025, "kematangan": Decimal("1.5")}
    other: Row = {"nama": "</script>", "tahun": None, "kematangan": None}

    read = json.loads(await joined(as_json({"lisensi": 'CC "BY"'}, pages([one], [], [other]))))

    assert read["lisensi"] == 'CC "BY"'
    assert [each["nama"] for each in read["data"]] == ["A", "</script>"]
    assert read["data"][0]["kematangan"] == 1.5


async def test_json_without_rows_is_still_json() -> None:
    assert json.loads(await joined(as_json({"lisensi": "x"}, pages([]))))["data"] == []
