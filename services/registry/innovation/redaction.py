"""Redaction of a file of an innovation: of its rows, of its profile, or of an answer to a follow-up.

Number and date of its letter stay, and so does the row's claim; the letter's subject, which may name persons, goes with
the bytes. The same bytes may not be uploaded to this innovation again.
"""

from __future__ import annotations

from collections.abc import Iterator

from services.registry.continuation.continuation import Continuation
from services.registry.evidence.attachment import Attachment
from services.registry.evidence.evidence import Evidence
from services.registry.files.redaction import (
    NewRedaction,
    Redaction,
    require_not_gone,
    without_name,
    without_name_of,
)
from services.registry.innovation.history import Action
from services.registry.innovation.innovation import Innovation
from shared.contracts.contract import Origin
from shared.faults import NotFound
from shared.storage.models import replaced


def redact(innovation: Innovation, wanted: NewRedaction, by: str, origin: Origin) -> tuple[Innovation, None] | None:
    """Redact a file of the innovation, wherever it is. None when it is redacted already. Raises NotFound when the
    innovation has no such file."""
    if innovation.redaction(wanted.digest) is not None:
        return None
    if all(each.digest != wanted.digest for each in _files(innovation)):
        raise NotFound("Inovasi ini tidak memuat berkas ini.")
    documents = {
        item: without_name(file) if file.digest == wanted.digest else file
        for item, file in innovation.documents.items()
    }
    handed_in = innovation.handed_in
    if handed_in is not None:
        handed_in = replaced(handed_in, evidence=_without_names(handed_in.evidence, wanted.digest))
    redaction = Redaction(digest=wanted.digest, reason=wanted.reason, by=by, at=origin.time)
    after = replaced(
        innovation,
        evidence=_without_names(innovation.evidence, wanted.digest),
        handed_in=handed_in,
        documents=documents,
        continuation=_of_follow_ups(innovation.continuation, wanted.digest),
        redactions=(*innovation.redactions, redaction),
    )
    return after.noted(Action.REDACTED, by, origin, wanted.reason), None


def require_readable(innovation: Innovation, digest: str) -> None:
    """Raise Gone, with day and reason, for a file whose bytes were redacted."""
    require_not_gone(innovation.redactions, digest)


def _files(innovation: Innovation) -> Iterator[Attachment]:
    submitted = innovation.handed_in.evidence if innovation.handed_in else {}
    for row in (*innovation.evidence.values(), *submitted.values()):
        yield from row.files
    yield from innovation.documents.values()
    if innovation.continuation.question is not None:
        yield from innovation.continuation.question.files
    for each in innovation.continuation.follow_ups:
        yield from each.files


def _without_names(rows: dict[str, Evidence], digest: str) -> dict[str, Evidence]:
    """The rows, where that file has a neutral name and its letter no subject."""
    return {row: each if each.file(digest) is None else _without_name(each, digest) for row, each in rows.items()}


def _without_name(row: Evidence, digest: str) -> Evidence:
    files = tuple(replaced(without_name(file), subject=None) if file.digest == digest else file for file in row.files)
    return row.model_copy(update={"files": files})


def _of_follow_ups(known: Continuation, digest: str) -> Continuation:
    """With a neutral name of that file; the same when no answer has it."""
    question = known.question
    if question is not None and any(each.digest == digest for each in question.files):
        question = replaced(question, files=without_name_of(question.files, digest))
    follow_ups = tuple(
        replaced(each, files=without_name_of(each.files, digest))
        if any(file.digest == digest for file in each.files)
        else each
        for each in known.follow_ups
    )
    if question is known.question and follow_ups == known.follow_ups:
        return known
    return replaced(known, question=question, follow_ups=follow_ups)
