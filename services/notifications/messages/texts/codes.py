"""Providers' codes and slugs of this service as sentences.

Sources: RFC 3463 and RFC 5321 (mail), the error codes of the WhatsApp Cloud API (`docs/alerts.md` lists them).
"""

from __future__ import annotations

from services.notifications.messages.answer import AnswerClass

_CODES = {
    "5.1.1": "alamat surel tidak dikenal penyedianya",
    "5.1.2": "nama domain alamat surel tidak ditemukan",
    "5.1.10": "domain alamat surel tidak menerima surel",
    "5.2.1": "kotak surat penerima dinonaktifkan",
    "5.2.2": "kotak surat penerima penuh",
    "550": "alamat surel tidak dikenal penyedianya",
    "131026": "nomor ini tidak dapat menerima pesan WhatsApp",
    "131030": "nomor ini tidak terdaftar sebagai penerima",
    "131049": "penyedia membatasi jumlah pesan kepada orang ini",
    "131056": "terlalu banyak pesan kepada orang yang sama dalam waktu singkat",
    "no-receipt": "tidak ada tanda terima sampai batas waktunya",
    "no-answer": "penyedia tidak menjawab setelah pesan diserahkan",
    "no-id": "jawaban penyedia tidak dapat dipastikan",
    "no-status": "jawaban penyedia tidak dapat dipastikan",
    "no-connection": "penyedia tidak dapat dihubungi",
    "certificate": "sertifikat penyedia tidak dapat dipercaya",
    "not-supported": "penyedia tidak mendukung cara masuk yang diatur",
    "not-writable": "pesan tidak dapat disusun untuk alamat ini",
    "device-disconnected": "perangkat WhatsApp pengirim tidak terhubung",
    "target-invalid": "nomor ini tidak terdaftar di WhatsApp",
    "quota": "kuota penyedia habis",
    "package": "paket layanan penyedia berakhir",
    "banned": "nomor pengirim diblokir penyedia",
}
_CLASSES = {
    AnswerClass.ACCEPTED: "diterima penyedia",
    AnswerClass.AWAY: "penyedia tidak dapat dihubungi",
    AnswerClass.TRANSIENT: "penyedia meminta dicoba lagi nanti",
    AnswerClass.THROTTLED: "penyedia membatasi laju pengiriman",
    AnswerClass.RECIPIENT: "alamat penerima tidak dapat menerima pesan",
    AnswerClass.TEMPLATE: "penyedia menolak templat pesan",
    AnswerClass.ACCOUNT: "penyedia menolak akun pengirim",
    AnswerClass.BUG: "permintaan kami keliru",
    AnswerClass.UNANSWERED: "penyedia tidak menjawab setelah pesan diserahkan",
}
_UNKNOWN = "pesan tidak dapat disampaikan"


def reason_of(code: str | None, answer: str | None = None) -> str:
    """Why it failed, without a full stop, in small letters: by the code, else by the class of the answer."""
    if code and code in _CODES:
        return _CODES[code]
    if answer and answer in _CLASSES:
        sentence = _CLASSES[AnswerClass(answer)]
    elif code and code.startswith("5.7."):
        sentence = "penyedia menolak pesan karena aturan keamanannya"
    elif code and code.startswith("4."):
        sentence = _CLASSES[AnswerClass.TRANSIENT]
    else:
        sentence = _UNKNOWN
    return f"{sentence} (kode {code})" if code else sentence
