"""The files that a curator can take along, and where each owner has them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.portal.pages.language import N_

TABLE = ("xlsx", "csv")


class Owner(StrEnum):
    """Who has a file."""

    REGISTRY = "registry"
    SCORING = "scoring"
    NOTIFICATIONS = "notifications"


@dataclass(frozen=True)
class FileOffered:
    """name: in the address; title: a message id; place: of its owner, with {region}, {year} and {kind}; with_region,
    with_year: are asked as parameters; kinds: the ends of the file's name."""

    name: str
    title: str
    owner: Owner
    place: str
    kinds: tuple[str, ...] = TABLE
    with_region: bool = True
    with_year: bool = False

    def path(self, region: str, year: int, kind: str) -> str:
        """At the owner."""
        return self.place.format(region=region, year=year, kind=kind)

    def query(self, region: str, year: int) -> dict[str, str | int | None]:
        """The parameters that the owner takes."""
        return {"region": region if self.with_region else None, "year": year if self.with_year else None}


_TABLES = (
    FileOffered("semua", N_("Semua tabel dalam satu berkas"), Owner.REGISTRY, "/exports/all.{kind}", ("xlsx",)),
    FileOffered("perangkat-daerah", N_("Perangkat daerah"), Owner.REGISTRY, "/exports/agencies.{kind}"),
    FileOffered("inovasi", N_("Inovasi"), Owner.REGISTRY, "/exports/innovations.{kind}"),
    FileOffered("perjanjian", N_("Perjanjian inovasi"), Owner.REGISTRY, "/exports/commitments.{kind}"),
    FileOffered("kontak", N_("Kontak"), Owner.NOTIFICATIONS, "/exports/contacts.{kind}"),
    FileOffered("hasil-resmi", N_("Hasil resmi"), Owner.SCORING, "/results/{region}/table.{kind}", with_region=False),
    FileOffered("penghargaan", N_("Penghargaan"), Owner.SCORING, "/awards/table.{kind}"),
)

_YEARLY = (
    FileOffered(
        "rekap",
        N_("Rekapitulasi kewajiban"),
        Owner.NOTIFICATIONS,
        "/recaps/{region}/{year}/recap.{kind}",
        ("pdf", "xlsx"),
        with_region=False,
    ),
    FileOffered(
        "fakta",
        N_("Lembar fakta semua perangkat daerah"),
        Owner.NOTIFICATIONS,
        "/recaps/{region}/{year}/facts.{kind}",
        ("pdf",),
        with_region=False,
    ),
    FileOffered(
        "kartu-skor", N_("Kartu skor inovasi"), Owner.SCORING, "/exports/scorecards.{kind}", TABLE, with_year=True
    ),
    FileOffered("indeks", N_("Indeks Inovasi Daerah"), Owner.SCORING, "/exports/indices.{kind}", TABLE, with_year=True),
    FileOffered("peringkat", N_("Peringkat inovasi"), Owner.SCORING, "/exports/rankings.{kind}", TABLE, with_year=True),
    FileOffered(
        "paket",
        N_("Paket siap unggah untuk penjaringan nasional"),
        Owner.REGISTRY,
        "/regions/{region}/ready-package/{year}.{kind}",
        ("zip",),
        with_region=False,
    ),
)

GROUPS: tuple[tuple[str, bool, tuple[FileOffered, ...]], ...] = (
    (N_("Tabel yang dapat diimpor kembali"), False, _TABLES),
    (N_("Laporan satu tahun"), True, _YEARLY),
)
"""Title (a message id), whether it is of a year, and files."""

DOWNLOADS: Mapping[str, FileOffered] = {each.name: each for _, _, files in GROUPS for each in files}
