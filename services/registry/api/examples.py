"""Examples that work, for the OpenAPI document. Synthetic, but for the names of places."""

from __future__ import annotations

from typing import Any

Examples = dict[str, Any]

_POLICY = {
    "obliged_kinds": ["dinas", "badan", "sekretariat", "inspektorat", "kecamatan", "puskesmas", "rsud"],
    "minimum": 1,
    "counts_when": "submitted",
    "community_counts": True,
}
_TERMS = {"name": "Kabupaten Kubu Raya", "zone": "Asia/Pontianak", "catalogue": "2026.1", "policy": _POLICY}

_DESIGN = (
    "Dasar hukum: Undang-Undang Nomor 23 Tahun 2014 pasal 386 sampai dengan 390. Permasalahan: warga harus datang "
    "berkali-kali. Isu strategis: layanan yang cepat dan terukur. Metode pembaharuan: alur dipetakan, langkah yang "
    "tidak memberi nilai dibuang. Kebaharuan: satu pencatatan pada sumbernya. Cara kerja: warga memohon satu kali. "
    "(Untuk pengajuan, rancang bangun paling sedikit 300 kata.)"
)

_PROFILE = {
    "name": "Layanan Antar Dokumen",
    "stage": "penerapan",
    "initiator": "opd",
    "initiator_name": "Tim inovasi (contoh)",
    "classification": "perangkat_daerah",
    "coordinates": {"latitude": -0.1132, "longitude": 109.4056},
    "nature": "digital",
    "form": "pelayanan_publik",
    "asta_cita": [4, 7],
    "cluster": "non_pkpn",
    "main_affair": "administrasi_kependudukan_dan_pencatatan_sipil",
    "related_affairs": ["komunikasi_dan_informatika"],
    "trial_on": "2025-02-03",
    "applied_on": "2025-05-05",
    "developed": False,
    "design": _DESIGN,
    "purpose": "Mempercepat layanan bagi warga.",
    "benefit": "Waktu dan biaya warga berkurang.",
    "outcome": "Sebelum: tiga kunjungan. Sesudah: tanpa kunjungan.",
}


def _only(summary: str, value: dict[str, Any]) -> Examples:
    return {"example": {"summary": summary, "value": value}}


REGION = _only("A regency", {"code": "61.12", **_TERMS})
REGION_TERMS = _only("Other terms", _TERMS)
POLICY = _only(
    "Two of every office from the next year on",
    {
        **_POLICY,
        "minimum_by_kind": {"dinas": 2},
        "mandatory_rows": True,
        "from_year": 2027,
        "decree": "Peraturan Bupati (contoh) 7/2026",
    },
)
DEADLINE: Examples = {
    "day": {
        "summary": "The end of the year",
        "value": {"year": 2026, "date": "2026-12-31", "basis": "Surat Edaran (contoh) 1/2026"},
    },
    "hour": {
        "summary": "An hour of that day",
        "value": {"year": 2026, "date": "2026-12-31", "hour": "16:00", "basis": "Surat Edaran (contoh) 2/2026"},
    },
    "past": {
        "summary": "A day that has passed, confirmed",
        "value": {
            "year": 2025,
            "date": "2025-12-31",
            "basis": "Surat Edaran (contoh) 3/2026",
            "confirm_overdue": 12,
        },
    },
}
CANCELLATION = _only("A mistaken deadline", {"basis": "Surat Edaran (contoh) 4/2026"})
AGENCY: Examples = {
    "office": {
        "summary": "An office",
        "value": {"region": "61.12", "name": "Dinas Sosial", "kind": "dinas", "obliged_from": 2026},
    },
    "part": {
        "summary": "A part of one",
        "value": {
            "region": "61.12",
            "name": "Puskesmas Sungai Raya",
            "kind": "puskesmas",
            "parent": "2b0f6a4e-6d3c-5f0e-9a51-0c6f6f1d7a11",
        },
    },
}
AGENCY_TERMS = _only("Another name", {"name": "Dinas Sosial", "kind": "dinas", "obliged_from": 2026})
RETIREMENT: Examples = {
    "closed": {"summary": "Closed at the new year", "value": {"retired_on": "2027-01-01"}},
    "merged": {
        "summary": "Merged into another one",
        "value": {"retired_on": "2027-01-01", "successor": "2b0f6a4e-6d3c-5f0e-9a51-0c6f6f1d7a11"},
    },
}
INNOVATION = _only("A draft", {"agency": "2b0f6a4e-6d3c-5f0e-9a51-0c6f6f1d7a11", "year": 2026, "profile": _PROFILE})
REWRITING = _only("The whole profile again", {"year": 2026, "profile": _PROFILE})
CLAIM: Examples = {
    "level": {
        "summary": "A level, with a letter",
        "value": {
            "level": 2,
            "number": "188/14/2026",
            "dated": "2026-02-10",
            "subject": "Penetapan inovasi daerah",
            "links": ["https://jdih.kuburaya.example/188-14-2026"],
        },
    },
    "value": {
        "summary": "A measured value, by one basis of row 33",
        "value": {"value": 1250, "unit": "orang", "basis": "a"},
    },
}
REDACTION = _only("Why", {"digest": "0" * 64, "reason": "Memuat data pribadi yang tidak diperlukan."})
LETTER = _only("A letter", {"number": "188/14/2026", "dated": "2026-02-10", "subject": "Penetapan tim inovasi daerah"})
WITHDRAWAL: Examples = {
    "plain": {"summary": "Before it is verified", "value": {}},
    "verified": {"summary": "By the curator, of a verified one", "value": {"reason": "Layanan ini sudah dihentikan."}},
}
WITHDRAWAL_REASON = _only("A reason", {"reason": "Layanan ini sudah dihentikan sejak 1 Juli 2026."})
RETURN = _only(
    "Two remarks",
    {
        "comments": {"profile": "Hasil belum menunjukkan keadaan sebelum dan sesudah.", "17": "SK belum memuat peran."},
        "rows": {"16": 2},
    },
)
VERIFICATION = _only("Two rows", {"rows": {"16": 2, "17": 3}})
REASSIGNMENT = _only(
    "To the agency that carries it on",
    {
        "agency": "2b0f6a4e-6d3c-5f0e-9a51-0c6f6f1d7a11",
        "year": 2026,
        "reason": "Tugas dan fungsi beralih ke perangkat daerah ini.",
    },
)
LIKENESS_QUESTION = _only(
    "A problem, in some sentences",
    {
        "text": "Warga di pulau dan tepi sungai sulit mencapai puskesmas, sehingga ibu hamil jarang diperiksa.",
        "affairs": ["kesehatan"],
        "outside": "61.12",
    },
)
