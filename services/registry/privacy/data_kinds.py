"""The personal data that the registry holds, and for how long."""

from __future__ import annotations

from services.registry.settings import RegistrySettings
from shared.runtime.personal_data import DataKind


def data_kinds(settings: RegistrySettings) -> tuple[DataKind, ...]:
    """With the retention that is configured."""
    left, ideas = settings.name_retention_days, settings.idea_retention_days
    return (
        DataKind(
            "innovation",
            "nama inisiator, tim, penerus, pelaku dan pemegang hak; alasan, catatan, nama berkas",
            "pegawai dan warga yang disebut dalam inovasi",
            f"anggota tim: {left} hari setelah tidak bertugas; lainnya selama inovasinya tercatat"
            if left
            else "selama inovasinya tercatat",
            left or None,
        ),
        DataKind(
            "mentor",
            "nama mentor perangkat daerah",
            "mentor",
            f"sampai diganti; {left} hari setelah perangkat daerahnya ditutup" if left else "sampai diganti",
            left or None,
        ),
        DataKind(
            "commitment",
            "nama berkas perjanjian, alasan pembatalan",
            "kepala perangkat daerah",
            "selama perjanjiannya tercatat",
        ),
        DataKind(
            "idea",
            "judul dan isi gagasan, tanpa nama pengirim",
            "pengirim gagasan dan orang yang disebutnya",
            f"yang ditutup: {ideas} hari setelah keputusan" if ideas else "sampai dihapus",
            ideas or None,
        ),
        DataKind(
            "import",
            "berkas dan laporan impor",
            "orang dalam tabel yang diimpor",
            f"{settings.import_retention_days} hari",
            settings.import_retention_days,
        ),
    )
