"""The sheet `Inovasi`: the profile form of 2026, the decisions on it, and a level for each row of evidence.

Names and numbers of rows: Pedoman IGA 2026, aspect Satuan Inovasi Daerah (rows 16 to 35 of the joint list).
"""

from __future__ import annotations

from collections.abc import Iterator

from shared.tables import choices
from shared.tables.sheet import CellKind, Column, Sheet

ROW_NAMES = {
    "16": "Regulasi Inovasi Daerah",
    "17": "Ketersediaan dan peran SDM terhadap inovasi daerah",
    "18": "Dukungan anggaran",
    "19": "Alat Kerja",
    "20": "Bimtek inovasi",
    "21": "Integrasi program dan kegiatan inovasi dalam RKPD",
    "22": "Keterlibatan aktor inovasi",
    "23": "Pelaksana inovasi daerah",
    "24": "Jejaring inovasi",
    "25": "Sosialisasi Inovasi Daerah",
    "26": "Pedoman teknis",
    "27": "Kemudahan informasi layanan",
    "28": "Kemudahan proses inovasi yang dihasilkan",
    "29": "Penyelesaian layanan pengaduan",
    "30": "Layanan Terintegrasi",
    "31": "Replikasi",
    "32": "Kecepatan penciptaan inovasi",
    "33": "Kemanfaatan inovasi",
    "34": "Monitoring dan Evaluasi Inovasi Daerah",
    "35": "Video inovasi daerah",
}
"""The number of a row → its name in the national form."""

_LINE, _PROSE, _DAY, _CHOICE = CellKind.LINE, CellKind.PROSE, CellKind.DAY, CellKind.CHOICE

_WHAT = (
    Column(
        "agency",
        "Perangkat daerah",
        _LINE,
        ("nama perangkat daerah", "opd", "nama opd", "skpd", "pengusul", "unit pengusul", "nama pemda opd uptd"),
        required=True,
        width=40,
    ),
    Column("year", "Tahun", CellKind.YEAR, ("tahun kewajiban", "tahun inovasi", "thn"), required=True, width=8),
    Column("name", "Nama inovasi", _LINE, ("inovasi", "judul inovasi", "judul", "nama"), required=True, width=36),
    Column(
        "status",
        "Status",
        _CHOICE,
        ("keputusan", "status verifikasi", "status inovasi"),
        choices=choices.STATUSES,
        help="Kosong: rancangan.",
    ),
    Column(
        "first_submitted_on",
        "Tanggal pengajuan pertama",
        _DAY,
        ("tanggal pengajuan", "tanggal diajukan", "diajukan tanggal", "tanggal masuk"),
    ),
    Column(
        "decided_on",
        "Tanggal keputusan",
        _DAY,
        ("tanggal verifikasi", "diverifikasi tanggal", "tanggal dikembalikan", "tanggal ditarik"),
        help="Hari verifikasi, pengembalian atau penarikan.",
    ),
    Column("reason", "Alasan keputusan", _PROSE, ("alasan", "catatan kurator", "alasan penarikan"), width=28),
)
_PROFILE = (
    Column("stage", "Tahapan", _CHOICE, ("tahapan inovasi", "tahap"), choices=choices.STAGES),
    Column("initiator", "Inisiator", _CHOICE, ("inisiator inovasi",), choices=choices.INITIATORS),
    Column("initiator_name", "Nama inisiator", _LINE, ("nama inovator", "inovator"), width=28),
    Column("classification", "Klasifikasi", _CHOICE, choices=choices.CLASSIFICATIONS),
    Column("latitude", "Lintang", CellKind.NUMBER, ("latitude", "koordinat lintang"), width=10),
    Column("longitude", "Bujur", CellKind.NUMBER, ("longitude", "koordinat bujur"), width=10),
    Column("nature", "Jenis", _CHOICE, ("jenis inovasi",), choices=choices.NATURES),
    Column("form", "Bentuk", _CHOICE, ("bentuk inovasi", "bentuk inovasi daerah"), choices=choices.FORMS, width=30),
    Column("asta_cita", "Asta Cita", CellKind.CHOICES, choices=choices.ASTA_CITA, help="Nomor 1 sampai 8, dengan ;"),
    Column("cluster", "Klaster PKPN", _CHOICE, ("pkpn", "klaster"), choices=choices.CLUSTERS),
    Column("programme", "Program PKPN", _LINE, ("program",)),
    Column("main_affair", "Urusan utama", _CHOICE, ("urusan", "urusan inovasi"), choices=choices.AFFAIRS, width=32),
    Column(
        "related_affairs",
        "Urusan beririsan",
        CellKind.CHOICES,
        ("urusan lain", "urusan lain yang beririsan"),
        choices=choices.AFFAIRS,
        width=32,
        help="Beberapa urusan dipisahkan dengan ;",
    ),
    Column("trial_on", "Waktu uji coba", _DAY, ("tanggal uji coba", "waktu uji coba inovasi daerah")),
    Column(
        "applied_on", "Waktu penerapan", _DAY, ("tanggal penerapan", "waktu implementasi", "waktu penerapan inovasi")
    ),
    Column("developed", "Sudah dikembangkan", CellKind.YES_NO, ("dikembangkan",)),
    Column("developed_on", "Waktu pengembangan", _DAY, ("tanggal pengembangan",)),
    Column("design", "Rancang bangun", _PROSE, ("rancang bangun inovasi",), width=50),
    Column("purpose", "Tujuan", _PROSE, ("tujuan inovasi", "tujuan inovasi daerah"), width=40),
    Column("benefit", "Manfaat", _PROSE, ("manfaat yang diperoleh", "manfaat inovasi"), width=40),
    Column("outcome", "Hasil", _PROSE, ("hasil inovasi",), width=40),
    Column("property_number", "Nomor HAKI", _LINE, ("no haki", "nomor hki")),
    Column("property_dated", "Tanggal HAKI", _DAY, ("tanggal hki",)),
    Column("award_number", "Nomor penghargaan", _LINE, ("no penghargaan",)),
    Column("award_dated", "Tanggal penghargaan", _DAY),
)


_ORIGIN = (
    Column(
        "origin",
        "Asal inovasi",
        _CHOICE,
        ("asal", "asal usul", "sumber inovasi"),
        choices=choices.ORIGINS,
        help="Gagasan sendiri, masyarakat, pelatihan, atau replikasi.",
    ),
    Column("training", "Pelatihan", _CHOICE, ("jenis pelatihan", "diklat", "asal diklat"), choices=choices.TRAININGS),
    Column(
        "training_decision",
        "Keputusan pelatihan",
        _CHOICE,
        ("keputusan tindak lanjut", "dilanjutkan atau dihentikan", "tindak lanjut diklat"),
        choices=choices.TRAINING_DECISIONS,
        help="Apakah proyek pelatihan dilanjutkan; kosong: belum diputuskan.",
    ),
    Column("training_decided_on", "Tanggal keputusan pelatihan", _DAY, ("tanggal keputusan tindak lanjut",)),
    Column("training_reason", "Alasan keputusan pelatihan", _PROSE, ("alasan dihentikan",), width=28),
    Column("replicated_region", "Direplikasi dari daerah", _LINE, ("replikasi dari daerah", "daerah asal"), width=28),
    Column("replicated_name", "Inovasi yang direplikasi", _LINE, ("nama inovasi yang direplikasi",), width=28),
)


def _levels() -> Iterator[Column]:
    for row, name in ROW_NAMES.items():
        also = (
            row,
            f"indikator {row}",
            f"parameter {row}",
            f"klaim {row}",
            f"{row} {name}",
            f"level {row} {name}",
            name,
        )
        yield Column(f"level.{row}", f"Level {row}", CellKind.LEVEL, also, width=8, help=name)
    for row in ROW_NAMES:
        words = (f"terverifikasi {row}", f"verifikasi {row}", f"level terverifikasi {row}", f"level verifikasi {row}")
        yield Column(f"verified.{row}", f"Level {row} terverifikasi", CellKind.LEVEL, words, width=8)
    for row in ROW_NAMES:
        yield Column(f"value.{row}", f"Nilai {row}", CellKind.NUMBER, (f"nilai terukur {row}",), rare=row != "33")
        yield Column(f"unit.{row}", f"Satuan {row}", _LINE, (f"satuan nilai {row}",), rare=row != "33")
    yield Column(
        "basis.33", "Basis 33", _LINE, ("basis kemanfaatan", "basis"), help="Huruf basis kemanfaatan, a sampai f."
    )


INNOVATIONS = Sheet(
    "innovations",
    "Inovasi",
    (*_WHAT, *_PROFILE, *_ORIGIN, *_levels(), Column("id", "ID", CellKind.ID, ("id inovasi",), width=38)),
    ("daftar inovasi", "inovasi daerah", "profil inovasi", "rekap inovasi", "data inovasi"),
)
