"""Redaction: the curator has the bytes of an uploaded file removed for good, with a reason.

Digest, size, kind, number and date of its letter stay, and so does the row's claim; file name and subject, which may
name persons, go with the bytes. The same bytes may not be uploaded to this innovation again. Another innovation that
has the same bytes of its own keeps them: they leave the file store once nobody else refers to them.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.registry.evidence.attachment import plain_name
from services.registry.evidence.evidence import Evidence
from services.registry.fields import Remark
from services.registry.innovation.history import Action
from services.registry.innovation.innovation import Innovation, Redaction
from shared.contracts.contract import Origin
from shared.faults import Gone, NotFound
from shared.indonesian import day
from shared.storage.models import replaced


class NewRedaction(BaseModel):
    """digest: of the file; reason: why, without personal data (it stays and is shown to the region)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    reason: Remark


def redact(innovation: Innovation, wanted: NewRedaction, by: str, origin: Origin) -> tuple[Innovation, None] | None:
    """Redact a file of the innovation's rows or of its profile, wherever it is. None when it is redacted already.
    Raises NotFound when the innovation has no such file."""
    if innovation.redaction(wanted.digest) is not None:
        return None
    submitted = innovation.handed_in.evidence if innovation.handed_in else {}
    rows = (*innovation.evidence.values(), *submitted.values())
    attached = {file.digest for file in innovation.documents.values()}
    if wanted.digest not in attached and all(each.file(wanted.digest) is None for each in rows):
        raise NotFound("Inovasi ini tidak memuat berkas ini.")
    documents = {
        item: file.model_copy(update={"name": plain_name("", file.media_type)})
        for item, file in innovation.documents.items()
        if file.digest == wanted.digest
    }
    handed_in = innovation.handed_in
    if handed_in is not None:
        handed_in = replaced(handed_in, evidence=_without_names(handed_in.evidence, wanted.digest))
    redaction = Redaction(digest=wanted.digest, reason=wanted.reason, by=by, at=origin.time)
    after = replaced(
        innovation,
        evidence=_without_names(innovation.evidence, wanted.digest),
        handed_in=handed_in,
        documents={**innovation.documents, **documents},
        redactions=(*innovation.redactions, redaction),
    )
    return after.noted(Action.REDACTED, by, origin, wanted.reason), None


def require_readable(innovation: Innovation, digest: str) -> None:
    """Raise Gone, with day and reason, for a file whose bytes were redacted."""
    redaction = innovation.redaction(digest)
    if redaction is not None:
        raise Gone(f"Isi berkas ini dihapus oleh kurator pada {day(redaction.at.date())}: {redaction.reason}")


def _without_names(rows: dict[str, Evidence], digest: str) -> dict[str, Evidence]:
    """The rows, where that file has a neutral name and its letter no subject."""
    return {
        row: each
        if each.file(digest) is None
        else each.model_copy(
            update={
                "files": tuple(
                    file.model_copy(update={"name": plain_name("", file.media_type), "subject": None})
                    if file.digest == digest
                    else file
                    for file in each.files
                )
            }
        )
        for row, each in rows.items()
    }
