"""A complete, valid profile and its evidence as JSON: everything that a submission needs. Synthetic."""

from __future__ import annotations

from typing import Any

_TEXT = (
    "Dasar hukum inovasi ini adalah Undang-Undang Nomor 23 Tahun 2014 pasal 386 sampai dengan pasal 390 beserta "
    "Peraturan Pemerintah Nomor 38 Tahun 2017 tentang Inovasi Daerah. "
    "Permasalahan yang dihadapi adalah warga yang tinggal jauh dari pusat kecamatan harus datang berkali-kali untuk "
    "satu urusan yang sama. "
    "Isu strategis pada tingkat global adalah kelembagaan yang tangguh, pada tingkat nasional reformasi birokrasi, "
    "dan pada tingkat daerah jarak serta biaya perjalanan. "
    "Metode pembaharuan dilakukan dengan memetakan alur layanan lama, menghitung waktu setiap langkah, dan membuang "
    "langkah yang tidak memberi nilai. "
    "Kebaharuannya terletak pada pencatatan tunggal di sumbernya sehingga kemajuan layanan dapat dilihat warga pada "
    "hari yang sama. "
    "Cara kerjanya, warga mengajukan permohonan satu kali, petugas memeriksa kelengkapan, lalu hasil diserahkan di "
    "tempat yang dipilih warga."
)


def design(words: int = 330) -> str:
    """A rancang bangun of exactly that many words."""
    source = [run for run in _TEXT.split() if any(sign.isalpha() for sign in run)]
    return " ".join(source[index % len(source)] for index in range(words))


def valid_profile(**changed: object) -> dict[str, Any]:
    """A profile that can be submitted on any day from 5 May 2025 on. changed: fields to replace; None clears one."""
    profile: dict[str, Any] = {
        "name": "Layanan Antar Dokumen",
        "stage": "penerapan",
        "initiator": "opd",
        "initiator_name": "Tim inovasi (sintetis)",
        "classification": "perangkat_daerah",
        "coordinates": {"latitude": -0.1132, "longitude": 109.4056},
        "nature": "digital",
        "form": "pelayanan_publik",
        "asta_cita": [4, 7],
        "cluster": "kesehatan",
        "programme": "Cek kesehatan gratis",
        "main_affair": "kesehatan",
        "related_affairs": ["sosial", "komunikasi_dan_informatika"],
        "trial_on": "2025-02-03",
        "applied_on": "2025-05-05",
        "developed": False,
        "design": design(),
        "purpose": "Mempercepat layanan bagi warga.",
        "benefit": "Waktu dan biaya warga berkurang.",
        "outcome": "Sebelum: tiga kunjungan dan lima hari. Sesudah: tanpa kunjungan, pada hari yang sama.",
    }
    return profile | changed


def valid_evidence() -> dict[str, dict[str, Any]]:
    """Row → claim, including the five mandatory rows: levels, measured values, and a basis for row 33."""

    def letter(row: str, subject: str) -> dict[str, Any]:
        links = [f"https://bukti.kuburaya.example/{row}"]
        return {"number": f"188/{row}/2025", "dated": "2025-05-02", "subject": subject, "links": links}

    return {
        "16": {"level": 2, **letter("16", "Peraturan Bupati tentang inovasi daerah")},
        "17": {"value": 15, "unit": "orang", **letter("17", "Penetapan tim inovasi")},
        "19": {"level": 3, "links": ["https://bukti.kuburaya.example/19"]},
        "28": {"value": 1, "unit": "hari", **letter("28", "SOP layanan")},
        "32": {"value": 4, "unit": "bulan", **letter("32", "Laporan tahapan penciptaan")},
        "33": {"basis": "a", "value": 1250, "unit": "orang", **letter("33", "Daftar penerima manfaat")},
        "35": {"value": 5, "unit": "unsur", "links": ["https://video.kuburaya.example/layanan"]},
    }
