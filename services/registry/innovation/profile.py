"""The profile form "Proposal Inovasi Daerah" of 2026.

A draft may leave anything out. Completeness and consistency are checked on submission (`blocking`).
Lists and limits: Pedoman IGA 2026 as used by public regional applications; affairs: UU 23/2014.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from services.registry.fields import Day, Prose, Reference, has_words, words
from shared import indonesian
from shared.contracts.affairs import AFFAIR_NAMES
from shared.contracts.fields import UNSEEN, StoredName, is_visible
from shared.contracts.vocabulary import Classification, Form, Initiator, Nature, ProgrammeCluster, Stage
from shared.faults import Flaw

LEAST_DESIGN_WORDS = 300
"""Rancang bangun: fewer words block the submission (national form, 2024 and 2026)."""

Affair = Annotated[
    str, Field(max_length=80, json_schema_extra={"enum": list(AFFAIR_NAMES)}, description="One of the 38 urusan.")
]


class Coordinates(BaseModel):
    """The location of the innovation, in degrees (WGS 84)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    latitude: float = Field(ge=-90, le=90, allow_inf_nan=False)
    longitude: float = Field(ge=-180, le=180, allow_inf_nan=False)


class CertificateReference(BaseModel):
    """Number and date of a certificate (Dokumen HAKI, Penghargaan). Its file is one of the profile's documents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Reference
    dated: Day


class Profile(BaseModel):
    """The form, without region and agency, which the innovation has, and without the video, which is row 35.

    name: Nama inovasi; stage: Tahapan; initiator: Inisiator; initiator_name: Nama inisiator (private); classification:
    Klasifikasi; coordinates: Koordinat; nature: Jenis; form: Bentuk; asta_cita: 1…8; cluster and programme: PKPN;
    main_affair, related_affairs: Urusan utama, Urusan beririsan; trial_on, applied_on: Waktu uji coba, Waktu
    penerapan; developed, developed_on: Sudah dikembangkan?, Waktu pengembangan; design: Rancang bangun; purpose,
    benefit, outcome: Tujuan, Manfaat, Hasil; intellectual_property, award: Dokumen HAKI, Penghargaan.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: StoredName | None = None
    stage: Stage | None = None
    initiator: Initiator | None = None
    initiator_name: StoredName | None = None
    classification: Classification | None = None
    coordinates: Coordinates | None = None
    nature: Nature | None = None
    form: Form | None = None
    asta_cita: tuple[Annotated[int, Field(ge=1, le=8)], ...] = Field(default=(), max_length=8)
    cluster: ProgrammeCluster | None = None
    programme: StoredName | None = None
    main_affair: Affair | None = None
    related_affairs: tuple[Affair, ...] = Field(default=(), max_length=len(AFFAIR_NAMES))
    trial_on: Day | None = None
    applied_on: Day | None = None
    developed: bool | None = None
    developed_on: Day | None = None
    design: Prose | None = None
    purpose: Prose | None = None
    benefit: Prose | None = None
    outcome: Prose | None = None
    intellectual_property: CertificateReference | None = None
    award: CertificateReference | None = None

    @field_validator("asta_cita")
    @classmethod
    def _ascending(cls, numbers: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(set(numbers)))

    @field_validator("main_affair")
    @classmethod
    def _an_affair(cls, slug: str | None) -> str | None:
        return slug if slug is None else _known(slug)

    @field_validator("related_affairs")
    @classmethod
    def _affairs(cls, slugs: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_known(slug) for slug in slugs))


_REQUIRED: dict[str, str] = {
    "name": "nama inovasi wajib diisi",
    "stage": "tahapan inovasi wajib dipilih",
    "initiator": "inisiator wajib dipilih",
    "initiator_name": "nama inisiator wajib diisi",
    "classification": "klasifikasi inovasi wajib dipilih",
    "nature": "jenis inovasi wajib dipilih",
    "form": "bentuk inovasi wajib dipilih",
    "main_affair": "urusan utama wajib dipilih",
    "design": "rancang bangun wajib diisi",
    "purpose": "tujuan inovasi wajib diisi",
    "benefit": "manfaat inovasi wajib diisi",
    "outcome": "hasil inovasi wajib diisi",
}


def blocking(profile: Profile, today: date) -> list[Flaw]:
    """Everything in the profile that blocks a submission, in the form's order. today: the day in the region."""
    flaws = [
        Flaw(f"profile.{item}", "missing", why) for item, why in _REQUIRED.items() if getattr(profile, item) is None
    ]
    if profile.design is not None and not has_words(profile.design, LEAST_DESIGN_WORDS):
        why = f"rancang bangun paling sedikit {LEAST_DESIGN_WORDS} kata; kini {words(profile.design)} kata"
        flaws.append(Flaw("profile.design", "too-few-words", why))
    if profile.main_affair is not None and profile.main_affair in profile.related_affairs:
        why = "urusan utama tidak boleh diulang sebagai urusan beririsan"
        flaws.append(Flaw("profile.related_affairs", "repeats-main", why))
    return flaws + _dates(profile, today)


def invisible(profile: Profile) -> list[Flaw]:
    """The names with invisible or bidirectional control signs, which nobody may enter. Those that were stored before
    stay readable."""
    names = {"name": profile.name, "initiator_name": profile.initiator_name, "programme": profile.programme}
    return [
        Flaw(f"profile.{item}", "invisible", UNSEEN) for item, name in names.items() if name and not is_visible(name)
    ]


def _dates(profile: Profile, today: date) -> list[Flaw]:
    flaws: list[Flaw] = []
    if profile.stage is Stage.PENERAPAN:
        if profile.applied_on is None:
            why = "waktu penerapan wajib diisi untuk tahapan penerapan"
            flaws.append(Flaw("profile.applied_on", "missing", why))
        elif profile.applied_on > today:
            why = f"inovasi pada tahapan penerapan sudah diterapkan paling lambat hari ini, {indonesian.day(today)}"
            flaws.append(Flaw("profile.applied_on", "future", why))
    if profile.trial_on and profile.applied_on and profile.trial_on > profile.applied_on:
        why = f"waktu uji coba tidak boleh sesudah waktu penerapan, {indonesian.day(profile.applied_on)}"
        flaws.append(Flaw("profile.trial_on", "out-of-order", why))
    return flaws + _development(profile, today)


def _development(profile: Profile, today: date) -> list[Flaw]:
    at = "profile.developed_on"
    if not profile.developed:
        if profile.developed_on is None:
            return []
        return [Flaw(at, "contradicts", "waktu pengembangan hanya diisi bila inovasi sudah dikembangkan")]
    if profile.developed_on is None:
        return [Flaw(at, "missing", "waktu pengembangan wajib diisi bila inovasi sudah dikembangkan")]
    if profile.developed_on > today:
        return [Flaw(at, "future", "waktu pengembangan tidak boleh di masa depan")]
    if profile.applied_on and profile.developed_on < profile.applied_on:
        return [Flaw(at, "out-of-order", "waktu pengembangan tidak boleh sebelum waktu penerapan")]
    return []


def _known(slug: str) -> str:
    if slug not in AFFAIR_NAMES:
        raise ValueError("bukan salah satu dari 38 urusan")
    return slug
