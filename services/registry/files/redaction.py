"""Redaction: a curator has the bytes of an uploaded file removed for good, with a reason.

Digest, size, kind and reason stay; the file's name, which may name persons, goes with the bytes. Whatever else refers
to the same bytes keeps them: they leave the file store once nobody refers to them any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.registry.evidence.attachment import Attachment, plain_name
from services.registry.fields import Remark
from shared.faults import Conflict, Gone
from shared.indonesian import day
from shared.storage.models import replaced

A = TypeVar("A", bound=Attachment)


class NewRedaction(BaseModel):
    """digest: of the file; reason: why, without personal data (it stays and is shown to the region)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    reason: Remark


class Redaction(BaseModel):
    """That a file's bytes were removed. reason (private), by, at: of the curator's act."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str
    reason: str
    by: str
    at: datetime


def redaction_of(redactions: Iterable[Redaction], digest: str) -> Redaction | None:
    """The redaction of the file with that digest; None when its bytes were not removed."""
    return next((each for each in redactions if each.digest == digest), None)


def require_not_gone(redactions: Iterable[Redaction], digest: str) -> None:
    """Raise Gone, with day and reason, for a file whose bytes were redacted."""
    redaction = redaction_of(redactions, digest)
    if redaction is not None:
        raise Gone(f"Isi berkas ini dihapus oleh kurator pada {day(redaction.at.date())}: {redaction.reason}")


def require_not_redacted(redactions: Iterable[Redaction], digest: str) -> None:
    """Raise Conflict for bytes that were redacted here: they do not come back."""
    if redaction_of(redactions, digest) is not None:
        raise Conflict("Isi berkas ini pernah dihapus oleh kurator; unggah berkas lain.")


def without_name(file: A) -> A:
    """The file with a neutral name."""
    return replaced(file, name=plain_name("", file.media_type))


def without_name_of(files: tuple[A, ...], digest: str) -> tuple[A, ...]:
    """The files, that with this digest with a neutral name."""
    return tuple(without_name(each) if each.digest == digest else each for each in files)
