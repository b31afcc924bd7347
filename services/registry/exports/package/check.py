"""The check of one innovation before it leaves in the ready package. Pure: what the file store has is an argument.

It states facts about the form; whether a proof convinces is the curator's and the ministry's decision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from services.registry.evidence import evidence as rows
from services.registry.evidence.attachment import Attachment, ProfileDocument
from services.registry.evidence.evidence import Evidence, in_order, missing_mandatory
from services.registry.evidence.form import FORM, MB, UploadLimits
from services.registry.exports.package.finding import PackageFinding, error, hint
from services.registry.exports.package.naming import document_title, file_mark, suffix
from services.registry.exports.package.window import of_letter
from services.registry.innovation import profile as profiles
from services.registry.innovation.innovation import Innovation
from services.registry.innovation.profile import Profile
from shared import indonesian
from shared.contracts.vocabulary import InnovationStatus, Stage
from shared.ports.files import StoredFile

Stored = Mapping[str, StoredFile | None]
"""Digest → what the file store has; None: nothing."""


def digests(innovation: Innovation) -> tuple[str, ...]:
    """The files of an innovation that go into the package, each once."""
    evidence = innovation.last_submitted.evidence
    found = [file.digest for each in in_order(evidence).values() for file in each.files]
    return tuple(dict.fromkeys([*(each.digest for each in innovation.documents.values()), *found]))


def check(innovation: Innovation, year: int, today: date, stored: Stored) -> tuple[PackageFinding, ...]:
    """Everything to say before the innovation leaves for the round of `year`, in the order of the form. today: the day
    in the region."""
    content = innovation.last_submitted
    return (
        *_state(innovation),
        *_profile(content.profile, innovation.documents, today, stored),
        *_mandatory(content.evidence),
        *(
            each
            for row, its in in_order(content.evidence).items()
            for each in _row(row, its, content.profile, year, stored)
        ),
        *_future(content.evidence, today),
    )


def _state(innovation: Innovation) -> Iterator[PackageFinding]:
    if innovation.status is not InnovationStatus.VERIFIED:
        yield hint("not-verified", "belum diverifikasi kurator")
    if innovation.withdrawal is not None:
        yield hint("withdrawal-asked", "perangkat daerah meminta inovasi ini ditarik")


def _profile(
    profile: Profile, documents: Mapping[ProfileDocument, Attachment], today: date, stored: Stored
) -> Iterator[PackageFinding]:
    for flaw in profiles.blocking(profile, today):
        yield error(f"{flaw.field.removeprefix('profile.')}-{flaw.code}".replace("_", "-"), flaw.message)
    if profile.stage is not None and profile.stage is not Stage.PENERAPAN:
        yield hint("not-applied", "formulir nasional hanya menilai penuh tahapan penerapan")
    for document, attachment in documents.items():
        title = document_title(document)
        yield from _attachment(attachment, FORM.profile, stored, row="", file=title)
    certificates = (
        (ProfileDocument.INTELLECTUAL_PROPERTY, profile.intellectual_property),
        (ProfileDocument.AWARD, profile.award),
    )
    for document, reference in certificates:
        title = document_title(document)
        if reference is not None and document not in documents:
            yield hint("certificate-without-file", f"{title}: nomor dan tanggal diisi, berkasnya tidak ada")
        if reference is None and document in documents:
            yield hint("certificate-without-number", f"{title}: berkas ada, nomor dan tanggalnya belum diisi")


def _mandatory(evidence: dict[str, Evidence]) -> Iterator[PackageFinding]:
    for row, name in missing_mandatory(evidence).items():
        yield error("mandatory-missing", f"indikator wajib belum terbukti: {name}", row=row)


def _row(row: str, evidence: Evidence, profile: Profile, year: int, stored: Stored) -> Iterator[PackageFinding]:
    if not evidence.is_proved and row not in FORM.mandatory:
        proved = bool(evidence.files or evidence.links)
        why = "parameter belum diisi" if proved else "parameter diisi tanpa data pendukung; nilainya 0"
        yield hint("not-proved", why, row=row)
    told: list[tuple[date, str]] = []
    for position, file in enumerate(evidence.files, start=1):
        mark, letter = file_mark(row, position), evidence.letter(file)
        yield from _attachment(file, FORM.rows[row], stored, row=row, file=mark)
        parts = (("nomor", letter.number), ("tanggal", letter.dated), ("tentang", letter.subject))
        if missing := [word for word, value in parts if value is None]:
            yield hint("letter-incomplete", f"surat tanpa {', '.join(missing)}", row=row, file=mark)
        if letter.dated is not None:
            told.append((letter.dated, mark))
    if not evidence.files and evidence.dated is not None:
        told.append((evidence.dated, ""))
    for dated, mark in told:
        remark = of_letter(row, dated, year, level=evidence.level, applied_on=profile.applied_on, file=mark)
        if remark is not None:
            yield remark


def _attachment(
    attachment: Attachment, limits: UploadLimits, stored: Stored, *, row: str, file: str
) -> Iterator[PackageFinding]:
    """Kind, size and presence of a file, as the file store has it."""
    found = stored.get(attachment.digest)
    if found is None:
        yield error("file-missing", "berkas tidak ada lagi di penyimpanan", row=row, file=file)
        return
    if found.size != attachment.size:
        yield error("file-damaged", "ukuran berkas di penyimpanan bukan ukuran yang diunggah", row=row, file=file)
    if found.media_type not in limits.accept:
        accepted = ", ".join(sorted(map(_kind, limits.accept)))
        why = f"jenis berkas {_kind(found.media_type)} tidak diterima; yang diterima: {accepted}"
        yield error("wrong-kind", why, row=row, file=file)
    elif found.size > limits.sizes[found.media_type]:
        size = indonesian.number(Decimal(found.size * 10 // MB) / 10)
        most = limits.sizes[found.media_type] // MB
        yield error("too-large", f"berkas {size} MB; paling besar {most} MB", row=row, file=file)


def _kind(media_type: str) -> str:
    return suffix(media_type).removeprefix(".").upper()


def _future(evidence: dict[str, Evidence], today: date) -> Iterator[PackageFinding]:
    for row, each in in_order(evidence).items():
        for flaw in rows.blocking({row: each}, today):
            if flaw.code == "future":
                yield error("future", flaw.message, row=row)
