"""The media type of a file by its first bytes, never by its name: for the four kinds that evidence may have.

Sources: ISO 32000-2 §7.5.2 (PDF), ITU-T T.81 annex B (JPEG), W3C PNG third edition §5.2, ISO/IEC 14496-12 §4.3 and
14496-14 (MP4, by the major brand of its `ftyp` box). General libraries were tried: on MP4 they miss common brands
(`iso5`, `avc1`, `dash`) and take 3GPP for it.
"""

from __future__ import annotations

HEAD = 64  # bytes that decide

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
MP4 = "video/mp4"

_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_MP4_BRANDS = frozenset(
    f"{brand:4}".encode()
    for brand in (
        *("isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "mp41", "mp42", "mp71", "mmp4"),
        *("avc1", "hvc1", "dash", "MSNV", "M4V", "M4VP", "M4VH", "F4V", "f4v", "XAVC"),
    )
)


def media_type(head: bytes) -> str | None:
    """The type of a file that begins with `head` (HEAD bytes, or all of a shorter file); None for any other."""
    if head[:5] == b"%PDF-" and head[5:6].isdigit():
        return PDF
    if head[:3] == b"\xff\xd8\xff" and b"\xc0" <= head[3:4] <= b"\xfe":  # a marker follows
        return JPEG
    if head.startswith(_PNG):
        return PNG
    if head[4:8] == b"ftyp" and head[8:12] in _MP4_BRANDS:
        return MP4
    return None
