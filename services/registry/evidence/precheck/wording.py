"""What a pre-check says, in Bahasa Indonesia."""

from __future__ import annotations

from services.registry.evidence.precheck.text import DocumentText, Quote, TextState

NOTE = (
    "Petunjuk dari pembacaan otomatis teks berkas, bukan penilaian. Tulisan yang tidak terbaca mesin dapat terlewat; "
    "keputusan tetap pada pemeriksa."
)

_ITEMS = {
    "number": "Nomor surat",
    "dated": "Tanggal surat",
    "subject": "Perihal",
    "title": "Nama inovasi",
    "years": "Tahun",
}

_STATES = {
    TextState.SCAN: "Berkas ini hasil pindai (gambar) tanpa teks; isinya tidak dapat dibaca otomatis. "
    "Periksa dengan melihatnya, atau unggah berkas yang teksnya dapat dipilih.",
    TextState.LOCKED: "Berkas ini terkunci kata sandi, sehingga tidak dapat dibaca.",
    TextState.UNREADABLE: "Berkas ini rusak atau bukan PDF yang sah, sehingga tidak dapat dibaca.",
    TextState.TOO_COMPLEX: "Berkas ini terlalu rumit untuk dibaca dalam batas waktu dan memori pemeriksaan otomatis.",
    TextState.NO_PDF: "Hanya teks berkas PDF yang dibaca; gambar dan video diperiksa dengan melihatnya.",
    TextState.GONE: "Berkas ini sudah tidak disimpan.",
}


def of_state(document: DocumentText) -> str:
    """How much of the document was read."""
    if document.state in _STATES:
        return _STATES[document.state]
    read, bare = len(document.read), document.without_text
    sentence = f"Teks {read} halaman dibaca."
    if read < document.pages:
        sentence = f"Teks {read} halaman pertama dari {document.pages} halaman dibaca; selebihnya tidak."
    if bare:
        sentence += f" Tanpa teks (gambar atau pindaian): halaman {', '.join(map(str, bare))}."
    return sentence


def of_finding(item: str, outcome: str, declared: str, here: Quote | None, stated: Quote | None) -> str:
    """One finding. item, outcome: the values of `Item` and `Outcome`."""
    name, wanted = _ITEMS[item], f"“{declared}”"
    at = f"halaman {here.page}: “{here.text}”" if here else ""
    instead = f"Yang tertulis di halaman {stated.page}: “{stated.text}”." if stated else ""
    match outcome:
        case "found":
            return f"{name} {wanted} ditemukan di {at}."
        case "elsewhere":
            return f"{name} {wanted} hanya disebut di {at}, bukan sebagai keterangan surat ini sendiri. {instead}"
        case "other" if item == "years":
            return f"{name} {wanted} tidak ditemukan. {instead}"
        case "other":
            return f"{name} {wanted} tidak ditemukan dalam teks. {instead}"
        case "missing":
            return f"{name} {wanted} tidak ditemukan dalam teks."
        case _:
            return f"{name} belum diisi. {instead}" if instead else f"{name} belum diisi."
