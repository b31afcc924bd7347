"""Beginning an innovation and working on it while it is open: as a draft, or after a return."""

from __future__ import annotations

from services.registry.attachment import MOST_FILES_OF_A_ROW, Attachment, ProfileDocument
from services.registry.evidence import Claim, Evidence, in_order
from services.registry.history import Action
from services.registry.innovation import Change, Innovation, Placement, owed
from services.registry.profile import Profile
from shared.contracts.contract import Origin
from shared.contracts.event import Draft
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Conflict, Flaw, Invalid, NotFound


def begin(
    id: str, region: str, placement: Placement, profile: Profile, *, fingerprint: str, by: str, origin: Origin
) -> tuple[Innovation, Draft]:
    """A new draft."""
    innovation = Innovation(
        id=id,
        region=region,
        agency=placement.agency,
        year=placement.year,
        assignments=(placement,),
        profile=profile,
        created_by_body=fingerprint,
    ).noted(Action.DRAFTED, by, origin)
    return innovation, owed(innovation, origin)


def rewrite(innovation: Innovation, profile: Profile, year: int | None, by: str, origin: Origin) -> Change:
    """Another profile and, in a draft, another year (None: the same). Raises Invalid for another year after the first
    submission: from then on it is the curator's."""
    edited = _edited(innovation, {"profile": profile}, by, origin)
    if year is None or year == innovation.year:
        return edited
    if innovation.status is not InnovationStatus.DRAFT:
        why = "setelah pengajuan pertama, tahun kewajiban hanya dapat diubah oleh kurator"
        raise Invalid([Flaw("year", "curators-decision", why)])
    moved = (edited[0] if edited else innovation.noted(Action.EDITED, by, origin)).placed(innovation.agency, year)
    return moved, owed(moved, origin)


def claim(innovation: Innovation, row: str, said: Claim, by: str, origin: Origin) -> Change:
    """What is claimed for one row; its files stay."""
    return _with_row(innovation, row, innovation.evidence.get(row, Evidence()).claimed(said), by, origin)


def drop(innovation: Innovation, row: str, by: str, origin: Origin) -> Change:
    """Nothing for this row any more. Raises NotFound when there was nothing."""
    if row not in innovation.evidence:
        raise NotFound(f"Indikator {row} belum berisi data pendukung.")
    rest = {other: each for other, each in innovation.evidence.items() if other != row}
    return _edited(innovation, {"evidence": rest}, by, origin)


def attach(innovation: Innovation, row: str, file: Attachment, by: str, origin: Origin) -> Change:
    """One more file for a row, after its claim or before it; the same bytes twice are one file. Raises Conflict when
    the row has its most."""
    evidence = innovation.evidence.get(row, Evidence())
    require_open(innovation)
    if evidence.file(file.digest) is not None:
        return None
    if len(evidence.files) >= MOST_FILES_OF_A_ROW:
        raise Conflict(f"Indikator {row} sudah memuat {MOST_FILES_OF_A_ROW} berkas, yang terbanyak.")
    return _with_row(innovation, row, evidence.model_copy(update={"files": (*evidence.files, file)}), by, origin)


def detach(innovation: Innovation, row: str, digest: str, by: str, origin: Origin) -> Change:
    """Without that file of a row. Raises NotFound when it has none."""
    evidence = innovation.evidence.get(row, Evidence())
    if evidence.file(digest) is None:
        raise NotFound(f"Indikator {row} tidak memuat berkas ini.")
    left = tuple(each for each in evidence.files if each.digest != digest)
    return _with_row(innovation, row, evidence.model_copy(update={"files": left}), by, origin)


def enclose(innovation: Innovation, item: ProfileDocument, file: Attachment, by: str, origin: Origin) -> Change:
    """The file of one of the profile's documents, in the place of an earlier one."""
    present = innovation.documents.get(item)
    if present is not None and present.digest == file.digest:
        require_open(innovation)
        return None
    return _edited(innovation, {"documents": {**innovation.documents, item: file}}, by, origin)


def remove(innovation: Innovation, item: ProfileDocument, by: str, origin: Origin) -> Change:
    """Without that document. Raises NotFound when there was none."""
    if item not in innovation.documents:
        raise NotFound("Dokumen profil ini belum ada.")
    left = {other: file for other, file in innovation.documents.items() if other is not item}
    return _edited(innovation, {"documents": left}, by, origin)


def require_open(innovation: Innovation) -> None:
    """Raise Conflict unless profile and evidence may be edited: as a draft, or after a return."""
    innovation.require(InnovationStatus.DRAFT, InnovationStatus.RETURNED)


def _with_row(innovation: Innovation, row: str, evidence: Evidence, by: str, origin: Origin) -> Change:
    return _edited(innovation, {"evidence": in_order({**innovation.evidence, row: evidence})}, by, origin)


def _edited(innovation: Innovation, update: dict[str, object], by: str, origin: Origin) -> Change:
    require_open(innovation)
    after = innovation.model_copy(update=update)
    return None if after == innovation else (after.noted(Action.EDITED, by, origin), None)
