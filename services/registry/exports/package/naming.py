"""Names of folders and files in the package: in the order of the national form, and valid on every system.

ASCII only, no sign that a file system reserves, bounded lengths: a whole path has at most some 180 characters, so that
it can be unpacked below a folder of Windows (260 characters).
"""

from __future__ import annotations

import re
import unicodedata

from services.registry.evidence.attachment import ProfileDocument
from services.registry.evidence.form import JPEG, MP4, PDF, PNG
from shared.tables.sheets.innovations import ROW_NAMES

_SUFFIXES = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", MP4: ".mp4"}
_INNOVATION, _ROW, _NUMBER = 50, 44, 50  # characters
_OTHER_SIGNS = re.compile(r"[^A-Za-z0-9 .,()_&+-]+")
_BLANKS = re.compile(r"\s+")

PROFILE_FOLDER = "00 Profil"
PROFILE_FILE = f"{PROFILE_FOLDER}/Profil inovasi.txt"
EVIDENCE_LIST = "Daftar data pendukung.csv"
CHECK_FILE = "Hasil pemeriksaan.txt"
INNOVATION_LIST = "Daftar inovasi.csv"

_DOCUMENTS = {
    ProfileDocument.BUDGET: "Anggaran",
    ProfileDocument.BUSINESS_PROFILE: "Profil bisnis",
    ProfileDocument.INTELLECTUAL_PROPERTY: "Dokumen HAKI",
    ProfileDocument.AWARD: "Penghargaan",
}


def plain(text: str, most: int) -> str:
    """The text as a part of a name: without accents and reserved signs, at most so many characters, cut at a word where
    one ends in its second half."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode() if not text.isascii() else text
    clean = _BLANKS.sub(" ", _OTHER_SIGNS.sub("-", _BLANKS.sub(" ", folded))).strip(" .-")
    if len(clean) > most:
        clean = clean[:most]
        at = clean.rfind(" ")
        clean = clean[:at] if at > most // 2 else clean
    return clean.strip(" .-")


def top_folder(region: str, year: int) -> str:
    """The only folder at the top of the package."""
    return f"Paket IGA {year} {region}"


def innovation_folder(number: int, name: str | None) -> str:
    """The folder of the n-th innovation."""
    return f"{number:03} {plain(name or '', _INNOVATION)}".strip()


def row_folder(row: str) -> str:
    """The folder of a row, by its number and name in the national form."""
    return f"{row} {plain(ROW_NAMES.get(row, ''), _ROW)}".strip()


def file_mark(row: str, position: int) -> str:
    """What a file's name begins with. position: from 1 within its row."""
    return f"{row}-{position:02}"


def file_name(row: str, position: int, number: str | None, media_type: str) -> str:
    """The name of an evidence file: its mark, and the number of its letter."""
    told = plain(number or "", _NUMBER)
    return f"{file_mark(row, position)}{f' {told}' if told else ''}{suffix(media_type)}"


def document_title(document: ProfileDocument) -> str:
    """A document of the profile as the form names it."""
    return _DOCUMENTS[document]


def suffix(media_type: str) -> str:
    """The end of a file's name."""
    return _SUFFIXES.get(media_type, ".bin")
