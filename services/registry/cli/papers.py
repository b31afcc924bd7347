"""Files that commands take from this machine and store: signed papers, proofs of use."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from services.registry.cli.world import World
from services.registry.continuation.proofs import PROOF
from services.registry.evidence.attachment import Attachment, plain_name
from shared.faults import Flaw, Invalid

_CHUNK = 256 * 1024  # bytes


async def stored(world: World, paper: Path) -> Attachment:
    """Store a file: PDF, JPEG or PNG of at most 10 MB. Raises Invalid for another one and for what cannot be read."""
    file = await world.files.put(_chunks(paper), most=PROOF.sizes)
    return Attachment(
        digest=file.digest,
        size=file.size,
        media_type=file.media_type,
        name=plain_name(paper.name, file.media_type),
        added_at=world.access.origin().time,
    )


async def _chunks(file: Path) -> AsyncIterator[bytes]:
    try:
        with file.open("rb") as source:
            while chunk := source.read(_CHUNK):
                yield chunk
    except OSError as error:
        raise Invalid([Flaw(file.name, "unreadable", f"tidak dapat dibaca: {error.strerror}")]) from error
