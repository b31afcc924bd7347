"""The personal data that notifications holds, and for how long."""

from __future__ import annotations

from services.notifications.settings import MailSettings
from shared.runtime.personal_data import DataKind

RECEIPT_DAYS = 8
"""As `sending/receipts.py` keeps them: providers repeat a report for a week."""


def data_kinds(settings: MailSettings) -> tuple[DataKind, ...]:
    """With the retention that is configured."""
    ended = settings.contact_retention_days
    return (
        DataKind(
            "contact",
            "nama, alamat surel, nomor seluler dan telepon kantor",
            "pengelola inovasi dan kepala perangkat daerah, kurator, pimpinan daerah",
            f"{ended} hari setelah hari terakhir berlakunya" if ended else "sampai dihapus",
            ended or None,
        ),
        DataKind(
            "body",
            "isi pesan yang dikirim, dengan nama penerima",
            "penerima pesan",
            f"{settings.body_retention_days} hari" if settings.body_retention_days else "tidak disimpan",
            settings.body_retention_days,
        ),
        DataKind(
            "receipt",
            "tanda terima penyedia, yang dapat memuat nomor seluler",
            "penerima pesan",
            f"{RECEIPT_DAYS} hari",
            RECEIPT_DAYS,
        ),
        DataKind(
            "contact_table",
            "berkas dan laporan impor kontak",
            "orang dalam tabel yang diimpor",
            f"{settings.contact_table_retention_days} hari",
            settings.contact_table_retention_days,
        ),
        DataKind(
            "message",
            "catatan pesan: waktu, saluran, hasil, di bawah id buram; tanpa isi, nama dan alamat",
            "penerima pesan",
            "bukti pengiriman, tetap disimpan",
        ),
        DataKind("office", "nama, telepon dan alamat balasan kantor kurator", "kantor kurator", "sampai diganti"),
    )
