"""Drafting: creating an innovation, and editing its profile and evidence while it is a draft or returned."""

from __future__ import annotations

from services.registry.evidence.attachment import (
    MOST_FILES_OF_A_ROW,
    Attachment,
    EvidenceFile,
    Letter,
    ProfileDocument,
)
from services.registry.evidence.evidence import Claim, Evidence, in_order
from services.registry.files.redaction import require_not_redacted
from services.registry.innovation.history import Action
from services.registry.innovation.innovation import Change, Innovation, Placement, event_of
from services.registry.innovation.profile import Profile, invisible
from shared.contracts.contract import Origin
from shared.contracts.event import Draft
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Conflict, Flaw, Invalid, NotFound
from shared.storage.models import replaced


def begin(
    id: str, region: str, placement: Placement, profile: Profile, *, fingerprint: str, by: str, origin: Origin
) -> tuple[Innovation, Draft]:
    """A new draft, with its event. Raises Invalid for a name with invisible signs."""
    _require_visible(profile)
    innovation = Innovation(
        id=id,
        region=region,
        agency=placement.agency,
        year=placement.year,
        assignments=(placement,),
        profile=profile,
        created_by_body=fingerprint,
    ).noted(Action.DRAFTED, by, origin)
    return innovation, event_of(innovation, origin)


def rewrite(innovation: Innovation, profile: Profile, year: int | None, by: str, origin: Origin) -> Change:
    """Replace the profile and, in a draft, the year (None: unchanged). Raises Invalid for a name with invisible signs,
    and for another year after the first submission: from then on only the curator changes it."""
    _require_visible(profile)
    change = _edit(innovation, {"profile": profile}, by, origin)
    if year is None or year == innovation.year:
        return change
    if innovation.status is not InnovationStatus.DRAFT:
        why = "setelah pengajuan pertama, tahun kewajiban hanya dapat diubah oleh kurator"
        raise Invalid([Flaw("year", "curators-decision", why)])
    edited = change[0] if change else innovation.noted(Action.EDITED, by, origin)
    moved = edited.placed(innovation.agency, year)
    return moved, event_of(moved, origin)


def claim(innovation: Innovation, row: str, claimed: Claim, by: str, origin: Origin) -> Change:
    """Set the claim of a row; its files stay."""
    return _set_row(innovation, row, innovation.evidence.get(row, Evidence()).claimed(claimed), by, origin)


def drop(innovation: Innovation, row: str, by: str, origin: Origin) -> Change:
    """Remove a row's claim and files. Raises NotFound when the row is empty."""
    if row not in innovation.evidence:
        raise NotFound(f"Indikator {row} belum berisi data pendukung.")
    rest = {other: each for other, each in innovation.evidence.items() if other != row}
    return _edit(innovation, {"evidence": rest}, by, origin)


def attach(innovation: Innovation, row: str, file: Attachment, by: str, origin: Origin) -> Change:
    """Add a file to a row, with or without a claim. The same bytes twice are one file. Raises Conflict when the row is
    full."""
    evidence = innovation.evidence.get(row, Evidence())
    require_open(innovation)
    require_not_redacted(innovation.redactions, file.digest)
    if evidence.file(file.digest) is not None:
        return None
    if len(evidence.files) >= MOST_FILES_OF_A_ROW:
        raise Conflict(f"Indikator {row} sudah memuat {MOST_FILES_OF_A_ROW} berkas, yang terbanyak.")
    files = (*evidence.files, EvidenceFile.of(file))
    return _set_row(innovation, row, evidence.model_copy(update={"files": files}), by, origin)


def describe(innovation: Innovation, row: str, digest: str, letter: Letter, *, by: str, origin: Origin) -> Change:
    """Set number, date and subject of the letter in a row's file. Raises NotFound when the row has no such file."""
    evidence = innovation.evidence.get(row, Evidence())
    if evidence.file(digest) is None:
        raise NotFound(f"Indikator {row} tidak memuat berkas ini.")
    files = tuple(each.of_letter(letter) if each.digest == digest else each for each in evidence.files)
    return _set_row(innovation, row, evidence.model_copy(update={"files": files}), by, origin)


def detach(innovation: Innovation, row: str, digest: str, by: str, origin: Origin) -> Change:
    """Remove a file of a row. Raises NotFound when the row has no such file."""
    evidence = innovation.evidence.get(row, Evidence())
    if evidence.file(digest) is None:
        raise NotFound(f"Indikator {row} tidak memuat berkas ini.")
    left = tuple(each for each in evidence.files if each.digest != digest)
    return _set_row(innovation, row, evidence.model_copy(update={"files": left}), by, origin)


def put_document(innovation: Innovation, item: ProfileDocument, file: Attachment, by: str, origin: Origin) -> Change:
    """Set the file of one of the profile's documents; it replaces an earlier one."""
    require_not_redacted(innovation.redactions, file.digest)
    present = innovation.documents.get(item)
    if present is not None and present.digest == file.digest:
        require_open(innovation)
        return None
    return _edit(innovation, {"documents": {**innovation.documents, item: file}}, by, origin)


def remove_document(innovation: Innovation, item: ProfileDocument, by: str, origin: Origin) -> Change:
    """Remove one of the profile's documents. Raises NotFound when there is none."""
    if item not in innovation.documents:
        raise NotFound("Dokumen profil ini belum ada.")
    left = {other: file for other, file in innovation.documents.items() if other is not item}
    return _edit(innovation, {"documents": left}, by, origin)


def require_open(innovation: Innovation) -> None:
    """Raise Conflict unless profile and evidence can be edited: the innovation is a draft or returned."""
    innovation.require(InnovationStatus.DRAFT, InnovationStatus.RETURNED)


def _require_visible(profile: Profile) -> None:
    if flaws := invisible(profile):
        raise Invalid(flaws)


def _set_row(innovation: Innovation, row: str, evidence: Evidence, by: str, origin: Origin) -> Change:
    return _edit(innovation, {"evidence": in_order({**innovation.evidence, row: evidence})}, by, origin)


def _edit(innovation: Innovation, update: dict[str, object], by: str, origin: Origin) -> Change:
    require_open(innovation)
    after = replaced(innovation, **update)
    return None if after == innovation else (after.noted(Action.EDITED, by, origin), None)
