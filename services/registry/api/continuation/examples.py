"""Examples that work, for the OpenAPI document. Synthetic."""

from __future__ import annotations

from typing import Any

from services.registry.continuation.rules import RulesTerms

Examples = dict[str, Any]

_AGENCY = "2b0f6a4e-6d3c-5f0e-9a51-0c6f6f1d7a11"


def _only(summary: str, value: dict[str, Any]) -> Examples:
    return {"example": {"summary": summary, "value": value}}


RULES = _only("The built-in rules", RulesTerms().model_dump(mode="json"))
STAGE: Examples = {
    "incubator": {
        "summary": "Into the incubator",
        "value": {"pipeline": "pembinaan", "stage": "inkubator_konsep", "note": "Konsep siap dibahas."},
    },
    "laboratory": {
        "summary": "A step of the innovation laboratory, recorded afterwards",
        "value": {"pipeline": "labinov", "stage": "design", "on": "2026-05-20"},
    },
}
ORIGIN: Examples = {
    "community": {"summary": "Of the community", "value": {"kind": "community"}},
    "training": {
        "summary": "A training project that goes on",
        "value": {"kind": "training", "training": "pkp", "decision": "continue", "decided_on": "2026-01-15"},
    },
    "replication": {
        "summary": "Another region's innovation",
        "value": {
            "kind": "replication",
            "replicated": {"region_name": "Kabupaten Banjar", "name": "Loket Keliling (contoh)"},
        },
    },
}
FOLLOW_UP = _only("In the new year", {"asked_on": "2027-01-11"})
ANSWER: Examples = {
    "live": {
        "summary": "Still in use, with figures",
        "value": {"use": "live", "figures": [{"label": "Warga terlayani", "value": 1250, "unit": "orang"}]},
    },
    "dormant": {"summary": "It rests", "value": {"use": "dormant", "reason": "Menunggu anggaran perubahan."}},
}
USE = _only("What a visit has found", {"use": "stopped", "reason": "Layanan beralih ke aplikasi nasional."})
ACTORS = _only(
    "Three kinds",
    {
        "actors": [
            {"kind": "pemerintah", "name": "Dinas Sosial", "part": "Pelaksana"},
            {"kind": "akademisi", "name": "Universitas Contoh", "part": "Kajian"},
            {"kind": "media", "name": "Radio Contoh"},
        ]
    },
)
SUSTAINABILITY = _only(
    "A team with a decree",
    {
        "team": [
            {"name": "Nama Contoh Satu", "part": "Ketua"},
            {"name": "Nama Contoh Dua", "leaves_on": "2027-03-01"},
        ],
        "decree": {"number": "188/20/2026 (contoh)", "dated": "2026-03-02"},
        "sop": {"number": "SOP/4/2026 (contoh)", "dated": "2026-04-06"},
        "financing": "APBD, sub kegiatan pelayanan publik",
        "successor": "Nama Contoh Tiga",
    },
)
RIGHTS = _only(
    "A computer program",
    {
        "rights": [
            {
                "kind": "program_komputer",
                "number": "EC000000001 (contoh)",
                "dated": "2026-05-04",
                "holder": "Pemerintah Kabupaten Kubu Raya",
                "published_on": "2025-05-05",
            }
        ]
    },
)
MENTOR: Examples = {
    "named": {"summary": "A name", "value": {"name": "Nama Contoh"}},
    "none": {"summary": "None any more", "value": {"name": None}},
}
IDEA = _only(
    "From anybody",
    {
        "title": "Antrean puskesmas lewat pesan",
        "text": "Warga mengambil nomor antrean dari rumah, lewat pesan singkat.",
    },
)
HAND_OVER = _only("To the agency that fosters it", {"agency": _AGENCY})
CLOSING = _only("Why", {"reason": "Sudah ada layanan yang sama di kabupaten ini."})
_TERMS = {
    "number": "PI/1/2026 (contoh)",
    "dated": "2026-02-02",
    "promises": [{"name": "Layanan Antar Dokumen"}, {"name": "Loket Keliling"}],
}
COMMITMENT = _only("Two promised innovations", {"agency": _AGENCY, "year": 2026, **_TERMS})
PROMISED_YEAR = _only("The year of the promises", {"year": 2026})
COMMITMENT_TERMS = _only(
    "One was given up",
    {
        **_TERMS,
        "promises": [
            {"name": "Layanan Antar Dokumen"},
            {"name": "Loket Keliling", "dropped": "Digabungkan dengan layanan kecamatan."},
        ],
    },
)
