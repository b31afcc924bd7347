"""What the demo's page shows, read from the services over HTTP and from the sandboxes. Times are the region's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from shared.contracts.vocabulary import ObligationStatus
from shared.demo.chat_text import chat_html
from shared.demo.client import Client
from shared.demo.sample import Sample
from shared.demo.sandboxes import Sandboxes
from shared.demo.whatsapp_sandbox import WhatsAppMessage

WORDS = {
    ObligationStatus.OVERDUE.value: "Melewati tenggat",
    ObligationStatus.OPEN.value: "Belum terpenuhi",
    ObligationStatus.FULFILLED.value: "Terpenuhi",
    ObligationStatus.EXEMPTED.value: "Dikecualikan",
}
"""The status of an obligation in Bahasa Indonesia, the most urgent first."""

PROGRESS = {
    "none": "Belum ada rancangan",
    "draft": "Rancangan",
    "returned": "Dikembalikan",
    "submitted": "Disampaikan",
    "verified": "Diverifikasi",
}
_WAITING = {"verification": "menunggu verifikasi", "registry": "menunggu bukti penyampaian"}
_TICKS = (("read", "dibaca"), ("delivered", "sampai"), ("sent", "terkirim"))
MOST_MAILS = 40  # that are listed at once


@dataclass(frozen=True)
class Duty:
    """One row of the board. since: a day, or empty; waiting: on what and since when, or empty."""

    agency: str
    status: str
    word: str
    progress: str
    progress_word: str
    since: str
    waiting: str


@dataclass(frozen=True)
class Bubble:
    """One WhatsApp message. html: its text; tick: `accepted`, `sent`, `delivered` or `read`; word: the same for
    people."""

    html: str
    time: str
    tick: str
    word: str


@dataclass(frozen=True)
class Chat:
    """All messages to one number."""

    name: str
    number: str
    bubbles: Sequence[Bubble]


class PageContent:
    """Reads for one request. recipient: only the mails to that address; empty: of all."""

    def __init__(self, sample: Sample, sandboxes: Sandboxes, client: Client) -> None:
        self._sample = sample
        self._sandboxes = sandboxes
        self._client = client
        self._zone = ZoneInfo(sample.region.zone)

    async def variables(self, now: datetime, recipient: str) -> dict[str, Any]:
        """The template's variables."""
        region = self._sample.region
        agencies = await self._client.every("/registry/v1/agencies", region=region.code)
        cards = await self._client.every("/scoring/v1/scorecards", region=region.code)
        duties = await self._client.every(
            "/notifications/v1/obligations", region=region.code, year=region.deadline.year
        )
        names = {agency["id"]: agency["name"] for agency in agencies}
        scored = [card | {"agency": names.get(card["agency"], "")} for card in cards if card["maturity"] is not None]
        order = list(WORDS)
        mails = [each for each in reversed(self._sandboxes.mail.mails) if recipient in ("", each.to)]
        return {
            "region": region.name,
            "year": region.deadline.year,
            "today": format_datetime(now.astimezone(self._zone), "EEEE, d MMMM y, HH.mm 'WIB'", locale="id"),
            "deadline": _day(duties[0]["deadline"]) if duties else "",
            "duties": [
                self._duty(each)
                for each in sorted(duties, key=lambda it: (order.index(it["status"]), it["agency_name"]))
            ],
            "counts": Counter(duty["status"] for duty in duties),
            "words": WORDS,
            "notices": sorted({card["catalogue"]["notice"] for card in scored if card["catalogue"]["notice"]}),
            "scorecards": sorted(scored, key=lambda card: (-card["maturity"]["claimed"], card["name"])),
            "mails": [(each, self._time(each.at)) for each in mails[:MOST_MAILS]],
            "mail_count": len(mails),
            "all_mails": len(self._sandboxes.mail.mails),
            "recipient": recipient,
            "recipients": self._recipients(),
            "chats": self._chats(),
            "chat_count": len(self._sandboxes.whatsapp.messages),
        }

    def _duty(self, duty: dict[str, Any]) -> Duty:
        late = ", terlambat" if duty["status"] == ObligationStatus.FULFILLED and duty["late"] else ""
        waiting = _WAITING.get(duty["waiting"] or "", "")
        if waiting and duty["waiting_since"]:
            waiting += f" sejak {self._day_of(duty['waiting_since'])}"
        return Duty(
            agency=duty["agency_name"],
            status=duty["status"],
            word=WORDS[duty["status"]] + late,
            progress=duty["progress"],
            progress_word=PROGRESS.get(duty["progress"], duty["progress"]),
            since=self._day_of(duty["progress_since"]) if duty["progress_since"] else "",
            waiting=waiting,
        )

    def _recipients(self) -> list[tuple[str, str]]:
        """Address and name of everybody who got a mail, the region's own people first."""
        got = {each.to for each in self._sandboxes.mail.mails}
        people = sorted(self._sample.contacts, key=lambda each: (bool(each.key), each.name))
        return [(each.email, each.name.removesuffix(" (sintetis)")) for each in people if each.email in got]

    def _chats(self) -> list[Chat]:
        """By the agencies' names."""
        names = {each.address: self._sample.name_of(each.key) for each in self._sample.contacts if each.key}
        numbers = {message.to for message in self._sandboxes.whatsapp.messages}
        return [
            Chat(
                name=names.get(number, number),
                number=_spaced(number),
                bubbles=[self._bubble(message) for message in self._sandboxes.chats_with(number)],
            )
            for number in sorted(numbers, key=lambda it: names.get(it, it))
        ]

    def _bubble(self, message: WhatsAppMessage) -> Bubble:
        tick, word = next((each for each in _TICKS if each[0] in message.statuses), ("accepted", "diterima penyedia"))
        return Bubble(chat_html(message.text), self._time(message.at), tick, word)

    def _time(self, moment: datetime) -> str:
        return format_datetime(moment.astimezone(self._zone), "d MMM y, HH.mm", locale="id")

    def _day_of(self, moment: str) -> str:
        return format_date(datetime.fromisoformat(moment).astimezone(self._zone).date(), "d MMM y", locale="id")


def _day(day: str) -> str:
    return format_date(datetime.fromisoformat(day).date(), "d MMMM y", locale="id")


def _spaced(number: str) -> str:
    """`+62 812-0000-0001`."""
    rest = number.removeprefix("+62")
    return f"+62 {rest[:3]}-{rest[3:7]}-{rest[7:]}"
