"""Media types detected from the first bytes of small real files, compared with puremagic where it is reliable."""

from __future__ import annotations

import puremagic
import pytest

from shared.adapters.file_check import HEAD, JPEG, MP4, PDF, PNG, media_type
from tests.support.small_files import JPEG_FILE, PDF_FILE, PNG_FILE, mp4_file


@pytest.mark.parametrize(("content", "expected"), [(PDF_FILE, PDF), (PNG_FILE, PNG), (JPEG_FILE, JPEG)])
def test_the_media_type_of_a_real_file(content: bytes, expected: str) -> None:
    assert media_type(content[:HEAD]) == expected
    assert puremagic.from_string(content, mime=True) == expected


@pytest.mark.parametrize("brand", [b"isom", b"iso2", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V "])
def test_mp4_of_any_common_brand(brand: bytes) -> None:
    assert media_type(mp4_file(brand)[:HEAD]) == MP4


@pytest.mark.parametrize("start", ["ffd8ffe0", "ffd8ffe1", "ffd8ffdb", "ffd8ffee"])
def test_jpeg_of_any_first_marker(start: str) -> None:
    assert media_type(bytes.fromhex(start) + b"\x00" * 60) == JPEG


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-",
        b"%PDF",
        b"%PDFX1.4 and more",
        b"junk %PDF-1.4",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\x00" + b"\x00" * 60,
        b"\xff\xd8\xff\xff" + b"\x00" * 60,
        PNG_FILE[:8],
        PNG_FILE[:8] + b"\x00" * 60,
        b"\x00\x00\x00\x18ftyp",
        b"GIF89a" + b"\x00" * 60,
        b"MZ" + b"\x00" * 60,
        b"PK\x03\x04" + b"\x00" * 60,
        b"<!DOCTYPE html><script>alert(1)</script>" + b" " * 60,
        *(mp4_file(brand) for brand in (b"heic", b"avif", b"qt  ", b"M4A ", b"3gp4", b"3gp5", b"mif1")),
    ],
)
def test_any_other_content_has_no_media_type(content: bytes) -> None:
    assert media_type(content[:HEAD]) is None
