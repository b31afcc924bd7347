"""Words that several texts share: times, lists, shortened and cleaned values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal

from shared import indonesian
from shared.contracts.vocabulary import Zone

LONGEST_NAME = 70  # characters of a name in a subject line or in a variable
UNKNOWN = "tidak diketahui"
_NAMED = 3  # agencies that a sentence names before it counts
_ZONES = {Zone.WIB: "WIB", Zone.WIB_PONTIANAK: "WIB", Zone.WITA: "WITA", Zone.WIT: "WIT"}
_CHANNELS = {"email": "surel", "whatsapp": "WhatsApp"}


def one_line(value: str) -> str:
    """The value without line breaks, control characters and the mark that begins an encoded word in a mail's header."""
    if value.isprintable() and "=?" not in value and "  " not in value and value == value.strip():
        return value
    visible = "".join(sign if sign.isprintable() else " " for sign in value)
    return " ".join(visible.split()).replace("=?", "= ?")


def shortened(value: str, most: int = LONGEST_NAME) -> str:
    """At most so many characters; a longer one ends in `…`."""
    return value if len(value) <= most else value[: most - 1].rstrip(" …") + "…"


def zone_name(zone: Zone) -> str:
    """`WIB`, `WITA` or `WIT`."""
    return _ZONES[zone]


def channel_name(channel: str) -> str:
    """`surel` or `WhatsApp`; any other as it is."""
    return _CHANNELS.get(channel, channel)


def moment(day: date, hour: time | None, zone: Zone) -> str:
    """`3 Desember 2026`, or with an hour `3 Desember 2026 pukul 14.05 WIB`."""
    return f"{indonesian.day(day)}{_at(hour, zone)}"


def time_left(deadline: date, hour: time | None, zone: Zone, today: date) -> str:
    """A sentence: `Tersisa 14 hari sampai tenggat.`, `Tenggatnya besok pukul 14.05 WIB.`, `Tenggatnya hari ini.`,
    `Tenggat telah lewat 8 hari.`"""
    left = (deadline - today).days
    if left < 0:
        return f"Tenggat telah lewat {-left} hari."
    return f"Tersisa {left} hari sampai tenggat." if left > 1 else f"Tenggatnya {soon(deadline, hour, zone, today)}."


def soon(deadline: date, hour: time | None, zone: Zone, today: date) -> str:
    """`besok pukul 14.05 WIB` or `hari ini`, of a deadline that is tomorrow or today."""
    return f"{'hari ini' if deadline == today else 'besok'}{_at(hour, zone)}"


def points(value: Decimal | None) -> str:
    """`80,5`; without a value `tidak diketahui`."""
    return UNKNOWN if value is None else indonesian.number(value)


def capitalised(text: str) -> str:
    """With a capital first letter; the rest as it is."""
    return text[:1].upper() + text[1:]


def listed(names: Sequence[str], others: str) -> str:
    """`A`, `A dan B`, `A, B dan C`, or `A, B dan 4 perangkat daerah lain`. others: what the counted ones are."""
    if len(names) > _NAMED:
        shown = names[: _NAMED - 1]
        return f"{', '.join(shown)} dan {len(names) - len(shown)} {others} lain"
    return f"{', '.join(names[:-1])} dan {names[-1]}" if len(names) > 1 else "".join(names)


def named(name: str, kind: str = "Inovasi") -> str:
    """`Inovasi “Teman”`, or without a name `Inovasi Saudara`."""
    return f"{kind} “{name}”" if name else f"{kind} Saudara"


def with_basis(sentence: str, basis: str) -> str:
    """The sentence, ending in a full stop, with the number of the circular or decree if there is one."""
    return f"{sentence} (dasar: {basis})." if basis else f"{sentence}."


def _at(hour: time | None, zone: Zone) -> str:
    return "" if hour is None else f" pukul {indonesian.hour(hour)} {zone_name(zone)}"
