"""Pre-checks the files of an innovation: reads them from the file store and compares each with what is declared."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from services.registry.evidence.attachment import EvidenceFile
from services.registry.evidence.evidence import Evidence, in_order
from services.registry.evidence.form import PDF
from services.registry.evidence.precheck.precheck import Declared, Precheck, precheck
from services.registry.evidence.precheck.process import PdfProcess
from services.registry.evidence.precheck.text import DocumentText, TextState
from services.registry.evidence.window import window_of
from services.registry.innovation.innovation import Innovation
from services.registry.innovation.redaction import require_readable
from shared.faults import NotFound
from shared.ports.files import Files


class FilePrecheck(BaseModel):
    """The pre-check of one file of an innovation's evidence. year: of the assessment that the years are counted
    from."""

    model_config = ConfigDict(frozen=True)

    row: str
    digest: str
    name: str
    year: int
    precheck: Precheck


class Prechecks(BaseModel):
    """A page of pre-checks, in the form's order."""

    items: list[FilePrecheck]
    next: str | None


class EvidencePrechecks:
    """Pre-checks evidence files. Nothing of it is stored: neither the texts nor what was found."""

    def __init__(self, files: Files, process: PdfProcess) -> None:
        self._files = files
        self._process = process

    async def of(self, innovation: Innovation, row: str, file: EvidenceFile, year: int) -> FilePrecheck:
        """Pre-check one file. Raises Busy, FilesAway."""
        document = await self._read(file)
        evidence = innovation.evidence.get(row, Evidence())
        if evidence.file(file.digest) is None:
            evidence = innovation.last_submitted.evidence[row]
        letter = evidence.letter(file)
        declared = Declared(
            row=row,
            number=letter.number,
            dated=letter.dated,
            subject=letter.subject,
            title=innovation.profile.name,
            window=window_of(row, year),
        )
        found = await asyncio.to_thread(precheck, document, declared)
        return FilePrecheck(row=row, digest=file.digest, name=file.name, year=year, precheck=found)

    async def _read(self, file: EvidenceFile) -> DocumentText:
        if file.media_type != PDF:
            return DocumentText(TextState.NO_PDF)
        try:
            data = b"".join([chunk async for chunk in self._files.get(file.digest)])
        except NotFound:
            return DocumentText(TextState.GONE)
        return await self._process.read(data)


def files_of(innovation: Innovation) -> Iterator[tuple[str, EvidenceFile]]:
    """The evidence files with their rows, in the form's order, without those that were redacted."""
    for row, evidence in in_order(innovation.evidence).items():
        for file in evidence.files:
            if innovation.redaction(file.digest) is None:
                yield row, file


def found_file(innovation: Innovation, row: str, digest: str) -> EvidenceFile:
    """A file of a row, also one of the last submission. Raises NotFound, and Gone for a redacted one."""
    require_readable(innovation, digest)
    for rows in (innovation.evidence, innovation.last_submitted.evidence):
        if (file := rows.get(row, Evidence()).file(digest)) is not None:
            return file
    raise NotFound(f"Indikator {row} tidak memuat berkas ini.")
