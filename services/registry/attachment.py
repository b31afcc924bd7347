"""Files that go with an innovation: what may be handed in where, and what is remembered of one.

Content decides the media type, by magic number; a name is kept for people and never leaves in an event.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PureWindowsPath

from pydantic import BaseModel, ConfigDict

MB = 1024 * 1024  # bytes
PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
MP4 = "video/mp4"

MOST_FILES_OF_A_ROW = 30
MOST_NAME = 150  # characters


@dataclass(frozen=True)
class Limits:
    """most: bytes by media type; a type that is not there is not taken."""

    most: dict[str, int]

    @property
    def accept(self) -> frozenset[str]:
        """The media types taken."""
        return frozenset(self.most)

    @property
    def largest(self) -> int:
        """The most bytes of any type."""
        return max(self.most.values())


class ProfileDocument(StrEnum):
    """The files of the profile form of 2026, all optional: Anggaran, Profil bisnis, Dokumen HAKI, Penghargaan. The form
    takes slides for Profil bisnis too; here they are handed in as a PDF, whose content can be told by its first
    bytes."""

    BUDGET = "budget"
    BUSINESS_PROFILE = "business_profile"
    INTELLECTUAL_PROPERTY = "intellectual_property"
    AWARD = "award"


PROFILE_LIMITS: dict[ProfileDocument, Limits] = {
    ProfileDocument.BUDGET: Limits({PDF: 2 * MB}),
    ProfileDocument.BUSINESS_PROFILE: Limits({PDF: 2 * MB}),
    ProfileDocument.INTELLECTUAL_PROPERTY: Limits({PDF: 2 * MB}),
    ProfileDocument.AWARD: Limits({PDF: 2 * MB}),
}


class Attachment(BaseModel):
    """digest: SHA-256 in hex; size: bytes; name: as its owner called it, without folders (private)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str
    size: int
    media_type: str
    name: str
    added_at: datetime


def plain_name(name: str, media_type: str) -> str:
    """A file's name without folders and control characters, at most 150 characters; a neutral one when nothing is
    left."""
    last = PureWindowsPath(name.replace("\x00", "")).name  # takes both / and \ for separators
    kept = "".join(sign for sign in last if sign.isprintable()).strip(" .")
    return kept[-MOST_NAME:] or f"berkas.{media_type.rpartition('/')[2][:12]}"
