"""The 38 affairs (urusan) of a regional government. Source: UU 23/2014 (6 + 18 + 8) and the supporting functions of the
national form, 2024 (S5; its "Pertahanan" is a slip for Pertanahan)."""

from __future__ import annotations

from enum import StrEnum


class AffairGroup(StrEnum):
    """Kelompok urusan: the group of an affair."""

    BASIC_SERVICE = "wajib_pelayanan_dasar"
    OBLIGATORY = "wajib_non_pelayanan_dasar"
    OPTIONAL = "pilihan"
    SUPPORTING = "penunjang"


_NAMES: dict[AffairGroup, tuple[tuple[str, str], ...]] = {
    AffairGroup.BASIC_SERVICE: (
        ("pendidikan", "Pendidikan"),
        ("kesehatan", "Kesehatan"),
        ("pekerjaan_umum_dan_penataan_ruang", "Pekerjaan Umum dan Penataan Ruang"),
        ("perumahan_rakyat_dan_kawasan_permukiman", "Perumahan Rakyat dan Kawasan Permukiman"),
        (
            "ketenteraman_ketertiban_umum_dan_pelindungan_masyarakat",
            "Ketenteraman, Ketertiban Umum dan Pelindungan Masyarakat",
        ),
        ("sosial", "Sosial"),
    ),
    AffairGroup.OBLIGATORY: (
        ("tenaga_kerja", "Tenaga Kerja"),
        ("pemberdayaan_perempuan_dan_pelindungan_anak", "Pemberdayaan Perempuan dan Pelindungan Anak"),
        ("pangan", "Pangan"),
        ("pertanahan", "Pertanahan"),
        ("lingkungan_hidup", "Lingkungan Hidup"),
        (
            "administrasi_kependudukan_dan_pencatatan_sipil",
            "Administrasi Kependudukan dan Pencatatan Sipil",
        ),
        ("pemberdayaan_masyarakat_dan_desa", "Pemberdayaan Masyarakat dan Desa"),
        (
            "pengendalian_penduduk_dan_keluarga_berencana",
            "Pengendalian Penduduk dan Keluarga Berencana",
        ),
        ("perhubungan", "Perhubungan"),
        ("komunikasi_dan_informatika", "Komunikasi dan Informatika"),
        ("koperasi_dan_ukm", "Koperasi, Usaha Kecil dan Menengah"),
        ("penanaman_modal", "Penanaman Modal"),
        ("kepemudaan_dan_olahraga", "Kepemudaan dan Olahraga"),
        ("statistik", "Statistik"),
        ("persandian", "Persandian"),
        ("kebudayaan", "Kebudayaan"),
        ("perpustakaan", "Perpustakaan"),
        ("kearsipan", "Kearsipan"),
    ),
    AffairGroup.OPTIONAL: (
        ("kelautan_dan_perikanan", "Kelautan dan Perikanan"),
        ("pariwisata", "Pariwisata"),
        ("pertanian", "Pertanian"),
        ("kehutanan", "Kehutanan"),
        ("energi_dan_sumber_daya_mineral", "Energi dan Sumber Daya Mineral"),
        ("perdagangan", "Perdagangan"),
        ("perindustrian", "Perindustrian"),
        ("transmigrasi", "Transmigrasi"),
    ),
    AffairGroup.SUPPORTING: (
        ("perencanaan", "Perencanaan"),
        ("keuangan", "Keuangan"),
        ("kepegawaian", "Kepegawaian"),
        ("pendidikan_dan_pelatihan", "Pendidikan dan Pelatihan"),
        ("penelitian_dan_pengembangan", "Penelitian dan Pengembangan"),
        ("fungsi_lain", "Fungsi Lain"),
    ),
}

AFFAIR_NAMES: dict[str, str] = {slug: name for rows in _NAMES.values() for slug, name in rows}
"""Slug → official name, in the order of the form."""

AFFAIR_GROUPS: dict[str, AffairGroup] = {slug: group for group, rows in _NAMES.items() for slug, _ in rows}
"""Slug → group."""

BASIC_SERVICE_AFFAIRS: frozenset[str] = frozenset(slug for slug, _ in _NAMES[AffairGroup.BASIC_SERVICE])
"""The six affairs of basic service ("yandas")."""


def affair_by_name(name: str) -> str | None:
    """The slug of an official name in any letter case, with or without outer blanks; None for any other name."""
    wanted = name.strip().casefold()
    return next((slug for slug, official in AFFAIR_NAMES.items() if official.casefold() == wanted), None)
