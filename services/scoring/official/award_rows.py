"""Reads awards from a table of an office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO

from pydantic import ValidationError

from services.scoring.official.award import AwardTerms
from services.scoring.official.table import KnownInnovation
from shared.contracts.names import folded
from shared.tables.reading import read_tables
from shared.tables.report import Finding, Findings
from shared.tables.sheets.awards import AWARDS, REGION_ITSELF
from shared.tables.table import Table
from shared.tables.typed import TypedRow, about, typed_rows

MOST_ROWS = 5_000


class _Wrong(Exception):
    """What is wrong with a row. column: our name of it; code: stable."""

    def __init__(self, column: str, code: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class AwardRow:
    """A row of the table, to say something about it. id: as the table gives it."""

    table: Table
    row: TypedRow
    id: str | None
    terms: AwardTerms


@dataclass
class ReadAwards:
    """What a table says. count: of its lines; rows: those that are right; findings: what is wrong, row by row."""

    count: int = 0
    rows: list[AwardRow] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)

    def say(self, row: AwardRow, column: str, code: str, reason: str) -> None:
        """Something is wrong with a row that can be read."""
        self.findings.add(about(row.table, row.row, column, code, reason))


class AwardReader:
    """Reads with what a region has. agencies: id → name; region_names: what stands for the region itself; today: no
    award is of a later day."""

    def __init__(
        self,
        agencies: Mapping[str, str],
        innovations: Iterable[KnownInnovation],
        *,
        region_names: Iterable[str],
        today: date,
    ) -> None:
        self._agencies = agencies
        self._by_name: dict[str, list[str]] = {}
        for id, name in agencies.items():
            self._by_name.setdefault(folded(name), []).append(id)
        self._innovations = {each.id: each for each in innovations}
        self._by_title: dict[str, list[KnownInnovation]] = {}
        for each in self._innovations.values():
            self._by_title.setdefault(folded(each.name), []).append(each)
        self._region = {folded(each) for each in (*region_names, REGION_ITSELF)}
        self._today = today

    def read(self, file: bytes) -> ReadAwards:
        """The awards in a CSV or XLSX file. Raises Invalid for a file that cannot be read. Slow for a long one."""
        read = ReadAwards()
        for table in read_tables(BytesIO(file), "awards.csv", [AWARDS]):
            read.findings.extend(table.findings)
            for row in typed_rows(table, read.findings):
                read.count += 1
                if row.faulty:
                    continue
                try:
                    read.rows.append(self._row(table, row))
                except _Wrong as wrong:
                    read.findings.add(about(table, row, wrong.column, wrong.code, wrong.reason))
        if read.count == 0:
            read.findings.add(_of_sheet("empty", "tidak ada baris"))
        if read.count > MOST_ROWS:
            read.findings.add(_of_sheet("too-long", f"paling banyak {MOST_ROWS} baris"))
        return read

    def _row(self, table: Table, row: TypedRow) -> AwardRow:
        values = row.values
        dated = values.get("dated")
        if isinstance(dated, date) and dated > self._today:
            raise _Wrong("dated", "future", "tanggal ini belum tiba")
        agency = self._agency(values.get("agency"), values.get("agency_name"))
        innovation = self._innovation(values.get("innovation"), values.get("innovation_name"), agency)
        given = {key: values[key] for key in ("year", "kind", "title", "giver", "number", "dated") if key in values}
        try:
            terms = AwardTerms.model_validate({**given, "agency": agency, "innovation": innovation})
        except ValidationError as error:
            raise _Wrong(str(error.errors()[0]["loc"][0]), "malformed", "isian tidak sesuai") from None
        return AwardRow(table, row, str(values["id"]) if "id" in values else None, terms)

    def _agency(self, id: object, name: object) -> str | None:
        if id is not None:
            if str(id) not in self._agencies:
                raise _Wrong("agency", "unknown", "perangkat daerah ini tidak dikenal di daerah ini")
            return str(id)
        if name is None or folded(str(name)) in self._region:
            return None
        found = self._by_name.get(folded(str(name)), [])
        if len(found) != 1:
            code, reason = (
                ("ambiguous", "beberapa perangkat daerah bernama ini; isi ID-nya")
                if found
                else ("unknown", "perangkat daerah ini tidak dikenal di daerah ini")
            )
            raise _Wrong("agency_name", code, reason)
        return found[0]

    def _innovation(self, id: object, name: object, agency: str | None) -> str | None:
        if id is not None:
            if str(id) not in self._innovations:
                raise _Wrong("innovation", "unknown", "inovasi ini tidak dikenal di daerah ini")
            return str(id)
        if name is None:
            return None
        of = self._agencies.get(agency or "")
        found = [each for each in self._by_title.get(folded(str(name)), []) if of is None or each.agency == of]
        if len(found) != 1:
            code, reason = (
                ("ambiguous", "beberapa inovasi bernama sama; isi perangkat daerah atau ID inovasi")
                if found
                else ("unknown", "tidak ada inovasi dengan nama ini")
            )
            raise _Wrong("innovation_name", code, reason)
        return found[0].id


def _of_sheet(code: str, reason: str) -> Finding:
    return Finding(sheet=AWARDS.key, row=0, code=code, reason=reason)
