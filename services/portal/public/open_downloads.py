"""The files of open data that a page links to."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from services.portal.pages.language import _


@dataclass(frozen=True)
class OpenFile:
    """name: in the address; region, year: those that were chosen, empty: all."""

    name: str
    title: str
    text: str
    region: str
    year: str

    def address(self, format: str) -> str:
        """Where the file is."""
        chosen = {name: value for name, value in (("daerah", self.region), ("tahun", self.year)) if value}
        return f"/data/{self.name}.{format}" + (f"?{urlencode(chosen)}" if chosen else "")


def open_files(region: str, year: str) -> list[OpenFile]:
    """All of them."""
    return [
        OpenFile(
            "inovasi", _("Inovasi"), _("Setiap inovasi yang terverifikasi, dengan skor kematangannya."), region, year
        ),
        OpenFile(
            "peringkat", _("Peringkat"), _("Peringkat inovasi satu tahun; tanpa tahun, yang terbaru."), region, year
        ),
        OpenFile(
            "indeks", _("Indeks"), _("Indeks Inovasi Daerah setiap daerah dan penjaringan nasional."), region, year
        ),
    ]
