"""The draft of the written notice after a breach: UU 27/2022, article 46, within three times 24 hours. In Bahasa
Indonesia; what this system cannot know is left to be filled in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from shared import indonesian
from shared.runtime.personal_data import Affected

WITHIN = timedelta(hours=3 * 24)
_FILL = "[diisi: {}]"
_ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


@dataclass(frozen=True)
class Breach:
    """found_at: when it was found out; began, ended: of the disclosure, None: not known; region: its code, empty: all;
    zone: in which times are written; kinds: slugs of the data that was reached, empty: all."""

    found_at: datetime
    began: datetime | None = None
    ended: datetime | None = None
    region: str = ""
    zone: str = "Asia/Jakarta"
    kinds: Collection[str] = ()

    @property
    def due(self) -> datetime:
        """The last moment of the notice."""
        return self.found_at + WITHIN


def notice(breach: Breach, affected: Mapping[str, Collection[Affected]]) -> str:
    """The draft, as Markdown."""
    reached = [
        (service, each)
        for service, found in affected.items()
        for each in found
        if each.documents and (not breach.kinds or each.kind.slug in breach.kinds)
    ]
    persons = sum(each.persons or 0 for _, each in reached if each.kind.slug == "contact")
    lines = [
        "# Pemberitahuan kegagalan pelindungan data pribadi",
        "",
        (
            f"**Rancangan.** Disampaikan secara tertulis paling lambat **{_moment(breach.due, breach)}** "
            f"(3 × 24 jam sejak diketahui) kepada setiap pemilik data dan kepada lembaga pelindungan data pribadi "
            "(Pasal 46 UU 27 Tahun 2022)."
        ),
        "",
        f"Nomor: {_FILL.format('nomor surat')}  ",
        f"Kepada: {_FILL.format('pemilik data, dan lembaga pelindungan data pribadi')}  ",
        f"Pengendali data: {_FILL.format('perangkat daerah')}{f', daerah {breach.region}' if breach.region else ''}",
        "",
        "## 1. Data pribadi yang terungkap",
        "",
        "| Layanan | Data | Milik | Dokumen | Orang |",
        "|---|---|---|---:|---:|",
        *(_row(service, each) for service, each in reached),
        *(() if reached else ("| – | tidak ada data yang disimpan | – | 0 | 0 |",)),
        "",
        (
            f"Kontak yang mungkin terdampak: {_count(persons)} orang. "
            f"Dari jumlah itu yang benar-benar terungkap: {_FILL.format('jumlah dan penjelasan')}."
        ),
        "",
        "## 2. Kapan dan bagaimana data terungkap",
        "",
        f"- Diketahui: {_moment(breach.found_at, breach)}",
        f"- Mulai: {_moment(breach.began, breach)}",
        f"- Berakhir: {_moment(breach.ended, breach)}",
        f"- Cara: {_FILL.format('bagaimana data terungkap')}",
        "",
        "## 3. Upaya penanganan dan pemulihan",
        "",
        f"- Yang sudah dilakukan: {_FILL.format('misalnya token dicabut, kunci diganti, sistem dipulihkan')}",
        f"- Yang akan dilakukan: {_FILL.format('rencana dan waktunya')}",
        f"- Yang dapat dilakukan pemilik data: {_FILL.format('misalnya waspada terhadap pesan palsu')}",
        "",
        "## Narahubung",
        "",
        _FILL.format("nama jabatan, telepon, alamat surel"),
        "",
    ]
    return "\n".join(lines)


def _row(service: str, each: Affected) -> str:
    persons = "tidak diketahui" if each.persons is None else _count(each.persons)
    return f"| {service} | {each.kind.what} | {each.kind.whose} | {_count(each.documents)} | {persons} |"


def _count(count: int) -> str:
    return indonesian.number(Decimal(count))


def _moment(at: datetime | None, breach: Breach) -> str:
    if at is None:
        return _FILL.format("waktu")
    local = at.astimezone(ZoneInfo(breach.zone))
    return (
        f"{indonesian.day(local.date())} pukul {indonesian.hour(local.time())} {_ZONES.get(breach.zone, breach.zone)}"
    )
