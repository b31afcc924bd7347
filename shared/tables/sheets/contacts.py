"""The sheet `Kontak`: personal data, read by notifications alone."""

from __future__ import annotations

from shared.tables.sheet import CellKind, Choice, Column, Sheet

CONTACTS = Sheet(
    "contacts",
    "Kontak",
    (
        Column("name", "Nama", CellKind.LINE, ("nama kontak", "nama lengkap", "nama petugas"), required=True, width=32),
        Column(
            "agencies",
            "Perangkat daerah",
            CellKind.NAMES,
            ("perangkat_daerah", "opd", "nama opd", "agency", "skpd", "unit kerja", "nama perangkat daerah"),
            width=44,
            help="Nama atau ID; beberapa dipisahkan dengan |. Kosong untuk kurator dan pimpinan.",
        ),
        Column(
            "role",
            "Peran",
            CellKind.CHOICE,
            ("jabatan kontak", "sebagai"),
            choices=(
                Choice("officer", "petugas", ("pengelola", "admin", "operator")),
                Choice("head", "kepala"),
                Choice("curator", "kurator"),
                Choice("executive", "pimpinan", ("pimpinan daerah", "sekda")),
            ),
        ),
        Column("email", "Surel", CellKind.LINE, ("email", "e-mail", "alamat surel", "alamat email"), width=32),
        Column(
            "phone",
            "Nomor seluler",
            CellKind.LINE,
            ("telepon", "nomor_seluler", "no hp", "hp", "nomor hp", "no wa", "nomor wa", "whatsapp", "handphone"),
        ),
        Column("landline", "Telepon kantor", CellKind.LINE, ("telepon_kantor", "no telepon kantor", "telp kantor")),
        Column(
            "preferred",
            "Saluran",
            CellKind.CHOICE,
            choices=(Choice("email", "surel"), Choice("whatsapp", "whatsapp", ("wa",))),
        ),
        Column("valid_from", "Berlaku dari", CellKind.DAY, ("berlaku_dari", "mulai tanggal")),
        Column("valid_to", "Berlaku sampai", CellKind.DAY, ("berlaku_sampai", "sampai tanggal")),
        Column(
            "consent_whatsapp",
            "Setuju WhatsApp",
            CellKind.LINE,
            ("setuju_whatsapp", "persetujuan whatsapp", "setuju wa"),
            help="ya atau tidak.",
        ),
        Column("id", "ID", CellKind.ID, ("id kontak",), width=38, help="Biarkan kosong untuk yang baru."),
    ),
    ("kontak perangkat daerah", "daftar kontak", "narahubung", "pengelola inovasi"),
)
