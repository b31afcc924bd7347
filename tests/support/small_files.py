"""Small real files of the media types that evidence may have."""

from __future__ import annotations

import struct
import zlib


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


PNG_FILE = (  # one grey pixel
    b"\x89PNG\r\n\x1a\n"
    + _png_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _png_chunk(b"IDAT", zlib.compress(b"\x00\x80"))
    + _png_chunk(b"IEND", b"")
)

JPEG_FILE = bytes.fromhex(  # one grey pixel, baseline
    "ffd8ffe000104a46494600010100000100010000"
    "ffdb004300" + "10" * 64 + "ffc0000b080001000101011100"
    "ffc4001400010000000000000000000000000000000" + "9"
    "ffc40014100100000000000000000000000000000000"
    "ffda0008010100003f0037ffd9"
)

PDF_FILE = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""


def mp4_file(brand: bytes = b"isom") -> bytes:
    """An MP4 (or a file of a related format) with that major brand and no track."""
    ftyp = struct.pack(">I", 24) + b"ftyp" + brand + struct.pack(">I", 512) + b"isom" + brand
    mvhd = struct.pack(">I", 108) + b"mvhd" + b"\x00" * 100
    return ftyp + struct.pack(">I", 8 + len(mvhd)) + b"moov" + mvhd + struct.pack(">I", 8) + b"mdat"
