"""What one innovation brings into the package, in order: profile, its documents, evidence row by row, the lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from services.registry.evidence.evidence import in_order
from services.registry.exports.package.check import Stored
from services.registry.exports.package.finding import PackageFinding
from services.registry.exports.package.lists import check_text, evidence_list
from services.registry.exports.package.naming import (
    CHECK_FILE,
    EVIDENCE_LIST,
    PROFILE_FILE,
    PROFILE_FOLDER,
    document_title,
    file_name,
    row_folder,
    suffix,
)
from services.registry.exports.package.proposal import proposal
from services.registry.exports.package.zip_stream import ZipEntry
from services.registry.innovation.innovation import Innovation
from services.registry.regions.region import Region
from shared.ports.files import Files


def contents(
    innovation: Innovation,
    findings: Sequence[PackageFinding],
    *,
    region: Region,
    agency: str,
    folder: str,
    now: datetime,
    files: Files,
    stored: Stored,
) -> Iterator[ZipEntry]:
    """The entries below `folder`; files that the store does not have are left out, and named by the findings. agency:
    its name."""
    local, zone = region.local(now), ZoneInfo(region.zone.value)
    yield ZipEntry(f"{folder}/{PROFILE_FILE}", local, proposal(innovation, region.name, agency))
    for document, attachment in innovation.documents.items():
        if stored.get(attachment.digest) is not None:
            name = f"{document_title(document)}{suffix(attachment.media_type)}"
            at = attachment.added_at.astimezone(zone)
            yield ZipEntry(f"{folder}/{PROFILE_FOLDER}/{name}", at, files.get(attachment.digest))
    for row, evidence in in_order(innovation.last_submitted.evidence).items():
        within = f"{folder}/{row_folder(row)}"
        for position, file in enumerate(evidence.files, start=1):
            if stored.get(file.digest) is not None:
                name = file_name(row, position, evidence.letter(file).number, file.media_type)
                yield ZipEntry(f"{within}/{name}", file.added_at.astimezone(zone), files.get(file.digest))
        if evidence.links:
            links = "".join(f"{link}\r\n" for link in evidence.links).encode()
            yield ZipEntry(f"{within}/{row} tautan.txt", local, links)
    yield ZipEntry(f"{folder}/{EVIDENCE_LIST}", local, evidence_list(innovation))
    if findings:
        yield ZipEntry(f"{folder}/{CHECK_FILE}", local, check_text(findings))
