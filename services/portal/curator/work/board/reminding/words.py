"""The words for what becomes of a reminder by hand: message ids."""

from __future__ import annotations

from services.portal.pages.language import N_

OUTCOME = {
    "tell": N_("Diberi tahu"),
    "asked-today": N_("Sudah diminta hari ini dan menunggu dikirim"),
    "told-today": N_("Sudah diberi tahu hari ini"),
    "fulfilled": N_("Kewajibannya sudah terpenuhi"),
    "exempted": N_("Dikecualikan atau tidak wajib tahun ini"),
    "waiting": N_("Inovasinya menunggu verifikasi Anda"),
    "registry": N_("Tenggat baru lewat; yang disampaikan tepat waktu masih dihitung"),
    "no-contact": N_("Tidak mempunyai kontak"),
    "closed": N_("Semua alamat kontaknya tidak dapat menerima pesan"),
    "undelivered": N_("Pesan sebelumnya belum terbukti sampai"),
    "retired": N_("Perangkat daerah ini sudah tidak ada"),
    "no-duty": N_("Belum ada kewajiban yang tercatat untuk tahun ini"),
    "unknown": N_("Belum dikenal; coba lagi sebentar lagi"),
}
"""Outcome → words."""

SILENCE = {
    "log": N_(
        "Sekarang tidak ada pesan yang dikirim: pengiriman masih dalam mode uji. Permintaan Anda dicatat dan berlaku "
        "14 hari; pesannya dikirim bila pengelola sistem menyalakan pengiriman dalam waktu itu."
    ),
    "stopped": N_(
        "Sekarang tidak ada pesan yang dikirim: pengelola sistem menghentikan semua pengiriman. Permintaan Anda "
        "dicatat dan berlaku 14 hari; pesannya dikirim bila pengelola sistem memulai pengiriman lagi dalam waktu itu."
    ),
    "allow-list": N_(
        "Sekarang tidak ada pesan yang dikirim: daftar alamat uji masih kosong. Permintaan Anda dicatat dan berlaku "
        "14 hari; hanya pengelola sistem yang dapat menyalakan pengiriman."
    ),
    "quiet": N_("Sekarang di luar jam pengiriman. Pesannya dikirim pada waktu berikutnya yang diperbolehkan."),
}
"""Why nobody is told now → a sentence that says who can change that."""
