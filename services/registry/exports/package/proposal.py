"""The profile form of an innovation as a text, item by item in the order of the national form, to copy from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from services.registry.evidence.attachment import ProfileDocument
from services.registry.innovation.innovation import Innovation
from services.registry.innovation.profile import CertificateReference, Profile
from shared import indonesian
from shared.tables.sheets.innovations import INNOVATIONS


def proposal(innovation: Innovation, region: str, agency: str) -> bytes:
    """UTF-8 with line ends of Windows. region, agency: names."""
    items = _items(innovation, region, agency)
    text = "PROPOSAL INOVASI DAERAH\n\n" + "\n".join(
        f"{number}. {title}:{_set(value)}" for number, (title, value) in enumerate(items, start=1)
    )
    return ("\ufeff" + text.replace("\r\n", "\n").replace("\n", "\r\n") + "\r\n").encode()


def _items(innovation: Innovation, region: str, agency: str) -> Iterator[tuple[str, str]]:
    profile = innovation.last_submitted.profile
    has = innovation.documents.keys()
    yield "Nama pemerintah daerah", region
    yield "Nama perangkat daerah", agency
    yield "Nama inovasi", profile.name or ""
    yield "Tahapan inovasi", _word("stage", profile.stage)
    yield "Inisiator inovasi", _word("initiator", profile.initiator)
    yield "Nama inisiator", profile.initiator_name or ""
    yield "Klasifikasi inovasi", _word("classification", profile.classification)
    yield "Koordinat", _place(profile)
    yield "Jenis inovasi", _word("nature", profile.nature)
    yield "Bentuk inovasi", _word("form", profile.form)
    yield "Asta Cita", ", ".join(map(str, profile.asta_cita))
    yield "Klaster PKPN", _word("cluster", profile.cluster)
    yield "Program PKPN", profile.programme or ""
    yield "Urusan utama", _word("main_affair", profile.main_affair)
    yield "Urusan beririsan", "; ".join(_word("related_affairs", each) for each in profile.related_affairs)
    yield "Waktu uji coba", _day(profile.trial_on)
    yield "Waktu penerapan", _day(profile.applied_on)
    yield "Sudah dikembangkan", "" if profile.developed is None else "Ya" if profile.developed else "Tidak"
    yield "Waktu pengembangan", _day(profile.developed_on)
    yield "Rancang bangun", profile.design or ""
    yield "Tujuan inovasi", profile.purpose or ""
    yield "Manfaat inovasi", profile.benefit or ""
    yield "Hasil inovasi", profile.outcome or ""
    yield "Anggaran", _file(ProfileDocument.BUDGET in has)
    yield "Profil bisnis", _file(ProfileDocument.BUSINESS_PROFILE in has)
    property, award = ProfileDocument.INTELLECTUAL_PROPERTY, ProfileDocument.AWARD
    yield "Dokumen HAKI", _certificate(profile.intellectual_property, has_file=property in has)
    yield "Penghargaan", _certificate(profile.award, has_file=award in has)


def _set(value: str) -> str:
    """A short value beside its title, a long one below it."""
    if not value:
        return " -"
    return f"\n{value}\n" if "\n" in value or len(value) > 100 else f" {value}"  # noqa: PLR2004 - one line of an editor


def _word(column: str, value: str | None) -> str:
    """A stable value in the words of the form."""
    return "" if value is None else INNOVATIONS.by_key[column].words.get(str(value), str(value))


def _place(profile: Profile) -> str:
    at = profile.coordinates
    return "" if at is None else f"{at.latitude:.6f}, {at.longitude:.6f}"


def _day(day: date | None) -> str:
    return "" if day is None else indonesian.day(day)


def _file(present: bool) -> str:
    return "berkas terlampir" if present else ""


def _certificate(reference: CertificateReference | None, *, has_file: bool) -> str:
    told = "" if reference is None else f"nomor {reference.number}, tanggal {_day(reference.dated)}"
    return ", ".join(part for part in (told, _file(has_file)) if part)
