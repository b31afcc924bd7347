"""The office's innovations: what is true, before anybody typed it."""

from __future__ import annotations

from typing import NamedTuple

LEVELS = {
    "A": "33333333333333333333",
    "B": "22222222222222222222",
    "C": "11111111111111111111",
    "D": "213-2-12-1132-1-2323",
    "E": "203-1-12-1131-1-2322",
    "F": "32222222222222222220",
}
"""A letter → the levels of rows 16 to 35, `-` for an empty one. Worked out by hand with the weights of 2026 (3 2 2 2 1
2 1 1 1 1 1 1 2 1 2 3 2 3 2 4): A 111, B 74, C 37, D 59, E 50, F 69 points."""


STATUS_WORDS = {"v": "Terverifikasi", "s": "Diajukan", "r": "Dikembalikan", "w": "Ditarik", "d": "Rancangan"}


class OfficeInnovation(NamedTuple):
    """agency: its key; status: `v`erified, `s`ubmitted, `r`eturned, `w`ithdrawn, `d`raft; first, decided: ISO days;
    claimed, verified: letters of LEVELS."""

    agency: str
    year: int
    name: str
    status: str
    first: str = ""
    decided: str = ""
    claimed: str = ""
    verified: str = ""


_ROWS = """
setda      2024 v 2024-05-06 2024-06-03 BB SIAP SETDA
bappeda    2024 v 2024-02-12 2024-03-04 AB SPIRIT
bkpsdm     2024 v 2024-07-15 2024-08-12 BB E-Kerje
disdik     2024 v 2024-04-22 2024-05-20 BB Sinergi Kreasi
dinkes     2024 v 2024-09-09 2024-10-07 AF Posyandu Terapung
pupr       2024 v 2024-12-31 2025-01-20 CC Lapor Jalan
capil      2024 v 2024-01-22 2024-02-19 AA Akta Sehari
perikanan  2024 v 2024-08-05 2024-09-02 DE Bumi Bahari
perpus     2024 v 2024-03-18 2024-04-15 CC Perahu Baca
koperasi   2024 v 2024-05-27 2024-06-24 BB Koperasi Bangkit
batu       2024 v 2024-11-25 2024-12-16 CC Berjumpa
radak      2024 v 2024-07-29 2024-08-26 BB Gestur
setda      2025 v 2025-08-11 2025-09-15 AB Rapat Tanpa Kertas
setwan     2025 v 2025-12-30 2026-01-20 BC Risalah Digital
itda       2025 v 2026-01-10 2026-02-02 BB Tindak Lanjut Tuntas
bappeda    2025 v 2025-03-10 2025-04-07 AA Klinik Inovasi
bappeda    2025 s 2025-10-06 -          C- Dasbor Riset
bkpsdm     2025 r 2025-09-01 2025-09-22 C- Absen Sungai
bpkad      2025 v 2025-11-03 2025-12-01 BC Kas Tanpa Antre
disdik     2025 v 2025-05-05 2025-06-02 DE Sekolah Menyapa
disdik     2025 v 2025-07-07 2025-08-04 BB Guru Berbagi
dinkes     2025 v 2025-02-03 2025-03-03 BB Antar Obat
dinsos     2025 v 2025-10-13 2025-11-10 DD Adu KPM
capil      2025 v 2025-01-20 2025-02-17 AA Jemput KTP
dpmptsp    2025 v 2025-04-14 2025-05-12 BC PEMANIS
dp3kkb     2025 v 2025-09-08 2025-10-06 CC Satrya
perikanan  2025 s 2025-11-24 -          D- Tambak Pintar
dishub     2025 v 2025-12-15 2026-01-12 CC Parkir Tertib
perpus     2025 v 2026-01-05 2026-01-26 BB Arsip Warga
niaga      2025 v 2025-10-20 2025-11-17 BB Pasar Digital
rsud       2025 v 2025-08-25 2025-09-22 AB Antre dari Rumah
kubu       2025 v 2025-07-28 2025-08-25 DD Siaga Banjir
batu       2025 v 2025-11-17 2025-12-15 CC Berjumpa Lagi
setda      2026 v 2026-03-02 2026-04-01 AA Halo Pimpinan
setda      2026 v 2026-04-20 2026-05-11 BC Surat Sekejap
setwan     2026 s 2026-05-29 -          B- Aspirasi Satu Pintu
organisasi 2026 v 2026-02-16 2026-03-09 DD Budaya Kerja 5R
bappeda    2026 v 2026-01-19 2026-02-09 AF SPIRIT Dua
bappeda    2026 d -          -          -- Bank Data Kelitbangan
bkpsdm     2026 v 2026-06-04 2026-06-10 BB Karier Terbuka
bpkad      2026 s 2026-06-08 -          C- Aset Terpetakan
kesbang    2026 v 2026-05-04 2026-05-25 CC Forum Damai
disdik     2026 v 2026-02-02 2026-03-02 AA Kelas Perahu
disdik     2026 s 2026-05-12 -          B- Rapor Ceria
dinkes     2026 v 2026-05-28 2026-06-11 BB Gizi Kampung
pupr       2026 w 2026-03-16 2026-04-13 C- Jembatan Terpantau
dinsos     2026 r 2026-04-06 2026-05-04 C- Santun Lansia
capil      2026 v 2026-01-12 2026-02-02 AA Dokumen Rumah Sakit
dpmptsp    2026 v 2026-04-13 2026-05-04 BB Izin Sore Hari
dp3kkb     2026 s 2026-05-18 -          B- Rumah Ramah Anak
perikanan  2026 d -          -          D- Pasar Ikan Daring
kominfo    2026 v 2026-03-23 2026-04-20 DE Desa Melek Internet
perpus     2026 v 2026-05-29 2026-06-12 CC Pojok Dongeng
niaga      2026 v 2026-06-01 2026-06-09 CC Etalase Desa
rsud       2026 v 2026-04-27 2026-05-18 AB Obat Pulang
raya       2026 v 2026-05-11 2026-06-01 CC Camat Keliling
kakap      2026 d -          -          C- Sampan Layanan
batu       2026 s 2026-05-25 -          C- Listrik Dusun
radak      2026 v 2026-03-30 2026-04-27 BB Gestur Plus
perumda    2026 s 2026-05-20 -          B- Baca Meter Mandiri
"""


def _read() -> tuple[OfficeInnovation, ...]:
    found = []
    for line in _ROWS.strip().splitlines():
        agency, year, status, first, decided, levels, name = line.split(maxsplit=6)
        days = (each.strip("-") and each for each in (first, decided))
        found.append(OfficeInnovation(agency, int(year), name, status, *days, *(each.strip("-") for each in levels)))
    return tuple(found)


INNOVATIONS = _read()


def levels_of(letter: str) -> list[int | None]:
    """The levels of rows 16 to 35 behind a letter; none without one."""
    return [None if each == "-" else int(each) for each in LEVELS.get(letter, "-" * 20)]
