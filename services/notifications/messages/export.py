"""The proof of all messages about one duty year as CSV, for the Inspektorat: one row for each reason of each message.

UTF-8 with a byte order mark and semicolons, so that a spreadsheet with Indonesian settings opens it as it is. People
and addresses are masked; text that a spreadsheet might run is disarmed.
"""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

from services.notifications.contacts.contact import Contact
from services.notifications.known import KnownFacts
from services.notifications.messages.attempt import Attempt
from services.notifications.messages.finding import MessageFinder
from services.notifications.messages.history import status_words
from services.notifications.messages.message import Message
from services.notifications.messages.next_step import next_step
from services.notifications.messages.texts.codes import reason_of
from services.notifications.messages.texts.reasons import reason_words
from services.notifications.messages.texts.wording import channel_name, zone_name
from services.notifications.messages.views import RecipientAnswer, time_of
from shared.contracts.message import Reason
from shared.contracts.vocabulary import Zone
from shared.web.spreadsheet import disarmed

MEDIA_TYPE = "text/csv; charset=utf-8"
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Column:
    """head: for people, with a place for the zone of its times; value: of one row."""

    head: str
    value: Callable[[Row], str]


@dataclass(frozen=True)
class Row:
    """One reason of one message."""

    message: Message
    reason: Reason
    contact: Contact | None
    agency: str
    zone: Zone

    @property
    def recipient(self) -> RecipientAnswer | None:
        """Masked; None for one that was erased."""
        return RecipientAnswer.of(self.message, self.contact)

    @property
    def deciding(self) -> Attempt | None:
        """The attempt that told the person, else the last one."""
        told = [each for each in self.message.attempts if each.done]
        return told[-1] if told else self.message.last

    def at(self, milliseconds: int | None) -> str:
        """The local time, to the second; empty for none."""
        return self.local(time_of(milliseconds)) if milliseconds else ""

    def local(self, moment: datetime) -> str:
        """As spreadsheets read it."""
        return f"{moment.astimezone(ZoneInfo(self.zone)):%Y-%m-%d %H:%M:%S}"


def _of_attempt(value: Callable[[Attempt], int | None]) -> Callable[[Row], str]:
    return lambda row: row.at(value(row.deciding)) if row.deciding else ""


def _failure(row: Row) -> str:
    attempt = row.deciding
    if attempt is None or attempt.done or attempt.effective_code is None:
        return ""
    return reason_of(attempt.effective_code, attempt.effective)


COLUMNS = (
    Column("Nomor pesan", lambda row: f"{row.message.person}/{row.message.number}"),
    Column("Perangkat daerah", lambda row: row.agency),
    Column("Tahun kewajiban", lambda row: str(row.reason.year or "")),
    Column("Pemberitahuan", lambda row: reason_words(row.reason)),
    Column("Penerima", lambda row: row.recipient.name if row.recipient else "(sudah dihapus)"),
    Column("Alamat", lambda row: row.recipient.address if row.recipient else ""),
    Column("Saluran", lambda row: channel_name(row.deciding.channel) if row.deciding else ""),
    Column("Keadaan", lambda row: status_words(row.message)),
    Column("Masuk antrean ({zone})", lambda row: row.at(row.message.taken_at)),
    Column("Diserahkan ({zone})", _of_attempt(lambda attempt: attempt.opened_at)),
    Column("Sampai ({zone})", _of_attempt(lambda attempt: attempt.delivered_at)),
    Column("Dibaca ({zone})", _of_attempt(lambda attempt: attempt.read_at)),
    Column("Jumlah penyerahan", lambda row: str(row.message.last.number if row.message.last else 0)),
    Column("Mungkin sampai dua kali", lambda row: "ya" if row.message.possibly_repeated else "tidak"),
    Column("Sebab belum sampai", _failure),
    Column("Langkah berikutnya", lambda row: next_step(row.message, row.zone)),
    Column("Templat", lambda row: row.deciding.template if row.deciding else ""),
)


class MessageExport:
    """Writes the export."""

    def __init__(self, finder: MessageFinder, known_facts: KnownFacts) -> None:
        self._finder = finder
        self._known_facts = known_facts

    async def write(self, path: Path, region: str, zone: Zone, year: int) -> None:
        """All messages of a region with a reason of that duty year, or without a duty year but sent in it."""
        with path.open("wb") as file:
            file.write(_MARK + _lines([[column.head.format(zone=zone_name(zone)) for column in COLUMNS]]))
            async for messages, contacts, names in self._pages(region):
                rows = _rows(messages, contacts, names, zone, year)
                file.write(_lines([[column.value(row) for column in COLUMNS] for row in rows]))

    async def _pages(self, region: str) -> AsyncIterator[tuple[list[Message], Mapping[str, Contact], dict[str, str]]]:
        async for messages in self._finder.every(region):
            agencies = {alert.reason.agency for each in messages for alert in each.alerts if alert.reason.agency}
            names = await self._known_facts.names(sorted(agencies))
            yield messages, await self._finder.contacts_of(messages), names


def _rows(
    messages: Sequence[Message], contacts: Mapping[str, Contact], names: Mapping[str, str], zone: Zone, year: int
) -> Iterator[Row]:
    for message in messages:
        sent = time_of(message.taken_at).astimezone(ZoneInfo(zone)).year if message.taken_at else None
        for alert in message.alerts:
            if (alert.reason.year or sent) == year:
                agency = names.get(alert.reason.agency or "", "")
                yield Row(message, alert.reason, contacts.get(message.person), agency, zone)


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([disarmed(value) for value in row] for row in rows)
    return text.getvalue().encode()
