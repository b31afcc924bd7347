"""Official results as a table: read from what an office has, and written in the same columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO

from pydantic import ValidationError

from services.scoring.official.results import MOST_INNOVATIONS, OfficialResult, OfficialResults
from shared.faults import Flaw, Flaws, Invalid
from shared.tables.reading import read_tables
from shared.tables.report import Finding, Findings
from shared.tables.sheet import folded
from shared.tables.sheets.official import OFFICIAL
from shared.tables.table import Table
from shared.tables.typed import TypedRow, about, typed_rows
from shared.tables.values import Read
from shared.tables.writing import Row


@dataclass(frozen=True)
class KnownInnovation:
    """An innovation of the region that a table may mean. agency: the name of its agency."""

    id: str
    name: str
    agency: str


@dataclass
class ReadResults:
    """What a table says. rows: how many lines it has; findings: what is wrong with it, row by row."""

    overall: OfficialResult | None = None
    innovations: dict[str, OfficialResult] = field(default_factory=dict)
    rows: int = 0
    findings: Findings = field(default_factory=Findings)


def require_sound(findings: Findings) -> None:
    """Raise Invalid when anything is wrong: a table is all or nothing."""
    flaws = Flaws()
    for each in findings.in_order():
        if not each.note:
            flaws.append(Flaw(f"{each.row}.{each.column}" if each.column else str(each.row), each.code, each.reason))
    if flaws:
        raise Invalid(flaws)


class _Names:
    """Finds the innovation that a row means."""

    def __init__(self, region_names: Iterable[str], known: Iterable[KnownInnovation]) -> None:
        self._region = {folded(each) for each in region_names}
        self._ids: set[str] = set()
        self._by_name: defaultdict[str, list[KnownInnovation]] = defaultdict(list)
        for each in known:
            self._ids.add(each.id)
            self._by_name[folded(each.name)].append(each)

    def find(self, row: TypedRow) -> tuple[str | None, tuple[str, str, str] | None]:
        """The innovation's id, None for the region itself; or column, code and reason of what is wrong."""
        id, name = str(row.values.get("innovation") or ""), folded(str(row.values.get("name") or ""))
        if id:
            return (id, None) if id in self._ids else (None, ("innovation", "unknown", "inovasi ini tidak dikenal"))
        if not name:
            return None, ("name", "missing", "isi nama inovasi, atau ID-nya")
        if name in self._region:
            return None, None
        agency = folded(str(row.values.get("agency") or ""))
        found = [each for each in self._by_name[name] if not agency or folded(each.agency) == agency]
        if not found:
            return None, ("name", "unknown", "tidak ada inovasi dengan nama ini")
        if len(found) > 1:
            return None, ("name", "ambiguous", "beberapa inovasi bernama sama; isi perangkat daerah atau ID inovasi")
        return found[0].id, None


def read_results(
    file: bytes, region_names: Iterable[str], known: Iterable[KnownInnovation], *, year: int, today: date
) -> ReadResults:
    """The results of a round in a CSV or XLSX file. region_names: code and name, of a row with the region's own result;
    year: of the round; today: no result is of a later day. Raises Invalid for a file that cannot be read."""
    table = read_tables(BytesIO(file), "official.csv", [OFFICIAL])[0]
    read, names = ReadResults(), _Names(region_names, known)
    read.findings.extend(table.findings)
    for row in typed_rows(table, read.findings):
        read.rows += 1
        if not row.faulty:
            _take(read, table, row, names, year=year, today=today)
    if len(read.innovations) > MOST_INNOVATIONS:
        read.findings.add(_of_sheet("too-many", f"paling banyak {MOST_INNOVATIONS} inovasi"))
    if read.rows == 0:
        read.findings.add(_of_sheet("empty", "tidak ada baris"))
    return read


def rows_of(results: OfficialResults, region_name: str, known: Mapping[str, KnownInnovation]) -> Iterable[Row]:
    """The results as rows of the same table, the region's first."""
    if results.overall is not None:
        yield {"name": region_name, "year": results.year, **_cells(results.overall)}
    for id, result in results.innovations.items():
        innovation = known.get(id)
        yield {
            "innovation": id,
            "name": innovation.name if innovation else "",
            "agency": innovation.agency if innovation else "",
            "year": results.year,
            **_cells(result),
        }


def _take(read: ReadResults, table: Table, row: TypedRow, names: _Names, *, year: int, today: date) -> None:
    id, wrong = names.find(row)
    if wrong is None and row.values.get("year", year) != year:
        wrong = ("year", "other-year", f"bukan penilaian tahun {year}")
    if wrong is None and (row.values["dated"] > today):  # type: ignore[operator]
        wrong = ("dated", "future", "tanggal ini belum tiba")
    if wrong is None and (id in read.innovations if id else read.overall is not None):
        wrong = ("name", "twice", "sudah ada di baris sebelumnya")
    if wrong is not None:
        column, code, reason = wrong
        read.findings.add(about(table, row, column, code, reason))
        return
    try:
        result = OfficialResult(
            **{key: row.values[key] for key in ("score", "predicate", "dated", "source") if key in row.values}
        )
    except ValidationError as error:
        column = str(error.errors()[0]["loc"][0])
        read.findings.add(about(table, row, column, "out-of-range", "di luar batas yang mungkin"))
        return
    if id is None:
        read.overall = result
    else:
        read.innovations[id] = result


def _cells(result: OfficialResult) -> dict[str, Read | None]:
    return {
        "score": Decimal(result.score),
        "predicate": result.predicate or None,
        "dated": result.dated,
        "source": result.source,
    }


def _of_sheet(code: str, reason: str) -> Finding:
    return Finding(sheet=OFFICIAL.key, row=0, code=code, reason=reason)
