"""Attachments: the metadata of uploaded files, which stay in the file store under their digest.

The media type comes from the content, not from the name. The name is private and never part of an event.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import PureWindowsPath
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.registry.fields import Day, Reference, Subject
from shared.storage.models import assembled, replaced

MOST_FILES_OF_A_ROW = 30
MOST_NAME = 150  # characters


class ProfileDocument(StrEnum):
    """The files of the profile form of 2026, all optional: Anggaran, Profil bisnis, Dokumen HAKI, Penghargaan. The form
    accepts slides for Profil bisnis too; here they must be a PDF, which can be recognised by its first bytes."""

    BUDGET = "budget"
    BUSINESS_PROFILE = "business_profile"
    INTELLECTUAL_PROPERTY = "intellectual_property"
    AWARD = "award"


class Attachment(BaseModel):
    """digest: SHA-256 in hex; size: bytes; name: the uploaded file's name without folders (private)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str
    size: int
    media_type: str
    name: str
    added_at: datetime


class Letter(BaseModel):
    """What a file is of: number, dated, subject: of the letter (private but for the date)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Reference | None = None
    dated: Day | None = None
    subject: Subject | None = None


class EvidenceFile(Attachment):
    """A file of an evidence row, with its letter: rows 18, 20 and 31 want several letters, each in a file."""

    number: Reference | None = None
    dated: Day | None = None
    subject: Subject | None = None

    @classmethod
    def of(cls, attachment: Attachment) -> Self:
        """An uploaded file, of which the letter is not told yet."""
        return assembled(cls, **attachment.__dict__, number=None, dated=None, subject=None)

    @property
    def letter(self) -> Letter:
        """Its letter."""
        return assembled(Letter, number=self.number, dated=self.dated, subject=self.subject)

    def of_letter(self, letter: Letter) -> Self:
        """The same file with that letter."""
        return replaced(self, **letter.__dict__)


def plain_name(name: str, media_type: str) -> str:
    """The file name without folders and control characters, at most 150 characters; a neutral one when nothing is
    left."""
    last = PureWindowsPath(name.replace("\x00", "")).name  # takes both / and \ for separators
    kept = "".join(sign for sign in last if sign.isprintable()).strip(" .")
    return kept[-MOST_NAME:] or f"berkas.{media_type.rpartition('/')[2][:12]}"
