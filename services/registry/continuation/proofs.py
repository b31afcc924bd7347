"""The files of an answer to a follow-up."""

from __future__ import annotations

from services.registry.continuation.follow_up import FollowUp, Question
from services.registry.evidence.attachment import Attachment
from services.registry.evidence.form import JPEG, MB, PDF, PNG, UploadLimits
from services.registry.files.redaction import require_not_gone
from services.registry.innovation.innovation import Innovation
from shared.faults import NotFound

PROOF = UploadLimits({PDF: 10 * MB, JPEG: 10 * MB, PNG: 10 * MB})
"""What may be uploaded for an answer, and as a signed commitment."""


def proof_of(innovation: Innovation, number: int, digest: str) -> Attachment:
    """The file with that digest of the innovation's n-th question, open or settled. Raises NotFound, and Gone for a
    redacted one."""
    known = innovation.continuation
    questions: list[FollowUp | Question] = [*known.follow_ups, *((known.question,) if known.question else ())]
    files = [file for each in questions if each.number == number for file in each.files if file.digest == digest]
    if files:
        require_not_gone(innovation.redactions, digest)
        return files[0]
    raise NotFound("Jawaban tindak lanjut ini tidak memuat berkas ini.")
