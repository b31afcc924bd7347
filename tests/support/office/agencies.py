"""The office's agencies. Kinds and lengths of names are those of a regency; the regency is made up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OfficeAgency:
    """obliged_from: None: for every year; parent, successor: keys; retired_on: an ISO day."""

    name: str
    kind: str
    obliged_from: int | None = None
    parent: str = ""
    retired_on: str = ""
    successor: str = ""


AGENCIES: dict[str, OfficeAgency] = {
    "setda": OfficeAgency("Sekretariat Daerah", "sekretariat"),
    "setwan": OfficeAgency("Sekretariat Dewan Perwakilan Rakyat Daerah", "sekretariat"),
    "itda": OfficeAgency("Inspektorat Daerah", "inspektorat"),
    "organisasi": OfficeAgency("Bagian Organisasi", "bagian", parent="setda"),
    "umum": OfficeAgency("Bagian Umum", "bagian", parent="setda"),
    "bappeda": OfficeAgency("Badan Perencanaan Pembangunan, Penelitian dan Pengembangan Daerah", "badan"),
    "bkpsdm": OfficeAgency("Badan Kepegawaian dan Pengembangan Sumber Daya Manusia", "badan"),
    "bpkad": OfficeAgency("Badan Pengelolaan Keuangan dan Aset Daerah", "badan"),
    "kesbang": OfficeAgency("Badan Kesatuan Bangsa dan Politik", "badan", obliged_from=2026),
    "disdik": OfficeAgency("Dinas Pendidikan dan Kebudayaan", "dinas"),
    "dinkes": OfficeAgency("Dinas Kesehatan", "dinas"),
    "pupr": OfficeAgency(
        "Dinas Pekerjaan Umum dan Penataan Ruang, Perumahan Rakyat, Kawasan Permukiman dan Pertanahan", "dinas"
    ),
    "dinsos": OfficeAgency("Dinas Sosial", "dinas"),
    "capil": OfficeAgency("Dinas Kependudukan dan Pencatatan Sipil", "dinas"),
    "dpmptsp": OfficeAgency("Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "dinas"),
    "dp3kkb": OfficeAgency(
        "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana", "dinas"
    ),
    "perikanan": OfficeAgency("Dinas Perikanan", "dinas"),
    "kominfo": OfficeAgency("Dinas Komunikasi dan Informatika", "dinas"),
    "dishub": OfficeAgency("Dinas Perhubungan", "dinas"),
    "perpus": OfficeAgency("Dinas Perpustakaan dan Kearsipan", "dinas"),
    "koperasi": OfficeAgency(
        "Dinas Koperasi dan Usaha Kecil Menengah", "dinas", retired_on="2025-07-01", successor="niaga"
    ),
    "niaga": OfficeAgency("Dinas Koperasi, Usaha Kecil Menengah dan Perdagangan", "dinas", obliged_from=2025),
    "rsud": OfficeAgency("Rumah Sakit Umum Daerah", "rsud"),
    "raya": OfficeAgency("Kecamatan Sungai Raya", "kecamatan"),
    "kakap": OfficeAgency("Kecamatan Sungai Kakap", "kecamatan"),
    "kubu": OfficeAgency("Kecamatan Kubu", "kecamatan"),
    "terentang": OfficeAgency("Kecamatan Terentang", "kecamatan"),
    "batu": OfficeAgency("Kecamatan Batu Ampar", "kecamatan"),
    "radak": OfficeAgency("Puskesmas Sungai Radak", "puskesmas", parent="dinkes"),
    "durian": OfficeAgency("Puskesmas Sungai Durian", "puskesmas", parent="dinkes"),
    "perumda": OfficeAgency("Perumda Air Minum", "bumd"),
}
"""A short key, used in these files only, → the agency."""

OBLIGED_KINDS = ("sekretariat", "inspektorat", "badan", "dinas", "rsud", "kecamatan")
