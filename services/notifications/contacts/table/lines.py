"""Reads the lines of a table of contacts into persons, and collects the flaws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar
from uuid import UUID

from services.notifications.contacts.fields import email_address, is_mobile, landline_number, mobile_or_landline
from services.notifications.contacts.role import ContactRole
from services.notifications.contacts.table import cells
from services.notifications.contacts.table.row import Row
from shared.contracts.fields import is_visible
from shared.contracts.names import folded
from shared.faults import Flaw, Flaws

AMBIGUOUS = ""
"""In place of an agency's id: two agencies of the region share the name."""

COMING = "coming/"
"""How the id of an agency begins that a dry run counts as known."""

_MOST_AGENCIES = 200  # of one line, as of one contact
_LONGEST_NAME = 200
_UUID = 36  # characters

T = TypeVar("T")


class LineReader:
    """rows: the persons so far; flaws: what is wrong. agencies: folded name → id, or AMBIGUOUS."""

    def __init__(self, agencies: Mapping[str, str], flaws: Flaws | None = None) -> None:
        self.flaws = Flaws() if flaws is None else flaws
        self.rows: list[Row] = []
        self._agencies = agencies
        self._ambiguous = {name for name, id in agencies.items() if id == AMBIGUOUS}
        self._emails: dict[str, int] = {}  # address → place in `rows`
        self._phones: dict[str, int] = {}

    def read(self, number: int, line: Mapping[str, str], columns: Mapping[str, str]) -> None:
        """Read one line. line: our name of a column → its cell; columns: our name → the table's."""
        _Line(self, number, line, columns).read()

    def agency(self, name: str) -> str | None:
        """The id of the agency with this name or id; AMBIGUOUS; None for a name that no agency has."""
        if folded(name) in self._ambiguous:
            return AMBIGUOUS
        return self._agencies.get(folded(name)) or (name if _is_id(name) else None)

    def same_address(self, row: Row) -> tuple[str, int] | None:
        """The column and the place of an earlier row with an address of this one."""
        if row.email and row.email.casefold() in self._emails:
            return "email", self._emails[row.email.casefold()]
        if row.phone and row.phone in self._phones:
            return "phone", self._phones[row.phone]
        return None

    def add(self, row: Row) -> None:
        """Another person."""
        if row.email:
            self._emails[row.email.casefold()] = len(self.rows)
        if row.phone:
            self._phones[row.phone] = len(self.rows)
        self.rows.append(row)


class _Line:
    """One line while it is read."""

    def __init__(self, reader: LineReader, number: int, line: Mapping[str, str], columns: Mapping[str, str]) -> None:
        self._reader = reader
        self._number = number
        self._line = line
        self._columns = columns

    def read(self) -> None:
        before = self._reader.flaws.found
        name = self._name()
        id = self._cell("id", cells.person)
        email = self._cell("email", email_address) or ""
        phone = self._cell("phone", mobile_or_landline) or ""
        landline = self._cell("landline", landline_number) or ""
        moved = bool(phone) and not is_mobile(phone)
        if moved:
            phone, landline = "", self._moved(phone, landline)
        role = self._cell("role", cells.role)
        valid_from, valid_to = self._cell("valid_from", cells.day), self._cell("valid_to", cells.day)
        if valid_from and valid_to and valid_to < valid_from:
            self._flaw("valid_to", "order", "lebih awal daripada hari pertama")
        preferred = self._cell("preferred", cells.channel)
        consent = self._cell("consent_whatsapp", cells.consent)
        agencies = self._agencies_for(role) if role or not self._line.get("role", "").strip() else ()
        if self._reader.flaws.found == before:
            self._add(
                Row(
                    id=id,
                    line=self._number,
                    name=name,
                    email=email,
                    phone=phone,
                    agencies=agencies,
                    landline=landline,
                    role=role,
                    preferred=preferred,
                    valid_from=valid_from,
                    valid_to=valid_to,
                    consent_whatsapp=consent,
                    moved=moved,
                )
            )

    def _flaw(self, column: str, code: str, message: str) -> None:
        name = self._columns.get(column, column)
        why = f"baris {self._number}, kolom {name}: {message}"
        self._reader.flaws.append(Flaw(f"line.{self._number}.{name}", code, why))

    def _name(self) -> str:
        name = " ".join(self._line.get("name", "").split())
        if not name:
            self._flaw("name", "missing", "wajib diisi")
        elif len(name) > _LONGEST_NAME or not name.isprintable() or not is_visible(name):
            self._flaw("name", "malformed", f"paling banyak {_LONGEST_NAME} karakter yang tampak")
        return name

    def _cell(self, column: str, read: Callable[[str], T]) -> T | None:
        """The value of a cell; None when it is empty, or has a flaw."""
        text = self._line.get(column, "").strip()
        if not text:
            return None
        if len(text) > cells.LONGEST:
            self._flaw(column, "malformed", f"paling banyak {cells.LONGEST} karakter")
            return None
        try:
            return read(text)
        except ValueError as error:
            self._flaw(column, "malformed", str(error))
            return None

    def _moved(self, number: str, landline: str) -> str:
        """A landline in the column of mobile numbers."""
        if landline not in ("", number):
            self._flaw("landline", "two-landlines", "kolom nomor seluler sudah berisi nomor telepon kantor yang lain")
        return number

    def _agencies_for(self, role: ContactRole | None) -> tuple[str, ...]:
        text = self._line.get("agencies", "")
        if role is None or role.of_agencies:
            return self._agencies(text)
        if text.strip(" |"):
            self._flaw("agencies", "not-allowed", "kosongkan: kurator dan pimpinan adalah kontak daerah")
        return ()

    def _agencies(self, text: str) -> tuple[str, ...]:
        if text.count("|") >= _MOST_AGENCIES:
            self._flaw("agencies", "too-many", f"paling banyak {_MOST_AGENCIES} perangkat daerah")
            return ()
        found: dict[str, None] = {}
        for part in (each.strip() for each in text.split("|")):
            id = self._reader.agency(part) if part else None
            if id == AMBIGUOUS:
                why = f"ada lebih dari satu perangkat daerah bernama {part[:80]!r}; isi id-nya"
                self._flaw("agencies", "ambiguous", why)
            elif id is not None:
                found[id] = None
            elif part:
                self._flaw("agencies", "unknown", f"perangkat daerah {part[:80]!r} tidak dikenal di daerah ini")
        if not text.strip(" |"):
            self._flaw("agencies", "missing", "wajib diisi")
        return tuple(found)

    def _add(self, row: Row) -> None:
        found = self._reader.same_address(row)
        if found is None:
            self._reader.add(row)
            return
        column, place = found
        first = self._reader.rows[place]
        if first.person != row.person:
            self._flaw(column, "duplicate", f"sudah dipakai orang lain pada baris {first.line}")
            return
        agencies = tuple(dict.fromkeys((*first.agencies, *row.agencies)))
        self._reader.rows[place] = first.model_copy(update={"agencies": agencies})


def _is_id(text: str) -> bool:
    if len(text) != _UUID:
        return False
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
