"""The words that offices write for the closed lists of `shared/contracts/vocabulary.py`."""

from __future__ import annotations

from shared.contracts.affairs import AFFAIR_NAMES
from shared.contracts.continuation import OriginKind
from shared.contracts.vocabulary import (
    AgencyKind,
    Classification,
    Form,
    Initiator,
    InnovationStatus,
    Nature,
    ProgrammeCluster,
    Stage,
)
from shared.tables.sheet import Choice


def _words(*rows: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(str(value), word, tuple(also)) for value, word, *also in rows)


def _rest(kind: type[AgencyKind], known: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """A list with the values that have no words of their own here."""
    named = {each.value for each in known}
    return (
        *known,
        *(Choice(each.value, each.value.replace("_", " ").capitalize()) for each in kind if each not in named),
    )


AGENCY_KINDS = _rest(
    AgencyKind,
    _words(
        (AgencyKind.DINAS, "Dinas"),
        (AgencyKind.BADAN, "Badan"),
        (AgencyKind.SEKRETARIAT, "Sekretariat", "setda", "sekretariat daerah", "sekretariat dprd"),
        (AgencyKind.INSPEKTORAT, "Inspektorat", "inspektorat daerah"),
        (AgencyKind.KECAMATAN, "Kecamatan"),
        (AgencyKind.KELURAHAN, "Kelurahan"),
        (AgencyKind.DESA, "Desa", "pemerintah desa"),
        (AgencyKind.PUSKESMAS, "Puskesmas", "upt puskesmas", "pusat kesehatan masyarakat"),
        (AgencyKind.RSUD, "RSUD", "rumah sakit", "rumah sakit umum daerah"),
        (AgencyKind.UPT, "UPT", "uptd", "unit pelaksana teknis"),
        (AgencyKind.SEKOLAH, "Sekolah", "sd", "smp", "sma", "smk"),
        (AgencyKind.BUMD, "BUMD", "perumda", "badan usaha milik daerah"),
    ),
)
STATUSES = _words(
    (InnovationStatus.DRAFT, "Rancangan", "draf", "konsep"),
    (InnovationStatus.SUBMITTED, "Diajukan", "sudah diajukan", "terkirim"),
    (InnovationStatus.RETURNED, "Dikembalikan", "perbaikan"),
    (InnovationStatus.VERIFIED, "Terverifikasi", "diverifikasi", "disetujui", "valid"),
    (InnovationStatus.WITHDRAWN, "Ditarik", "dibatalkan"),
)
STAGES = _words((Stage.INISIATIF, "Inisiatif"), (Stage.UJI_COBA, "Uji coba"), (Stage.PENERAPAN, "Penerapan"))
INITIATORS = _words(
    (Initiator.KEPALA_DAERAH, "Kepala Daerah", "bupati", "wali kota", "walikota", "gubernur"),
    (Initiator.ANGGOTA_DPRD, "Anggota DPRD", "dprd"),
    (Initiator.OPD, "OPD", "perangkat daerah", "pd", "skpd"),
    (Initiator.ASN, "ASN", "pns", "pppk"),
    (Initiator.MASYARAKAT, "Masyarakat"),
)
CLASSIFICATIONS = _words(
    (Classification.PERANGKAT_DAERAH, "Perangkat Daerah", "opd"),
    (Classification.DESA_KELURAHAN, "Desa/Kelurahan", "desa", "kelurahan"),
    (Classification.MASYARAKAT, "Masyarakat"),
)
NATURES = _words((Nature.DIGITAL, "Digital"), (Nature.NON_DIGITAL, "Non digital", "nondigital"))
FORMS = _words(
    (Form.TATA_KELOLA, "Tata kelola pemerintahan daerah", "tata kelola", "inovasi tata kelola pemerintahan daerah"),
    (Form.PELAYANAN_PUBLIK, "Pelayanan publik", "inovasi pelayanan publik"),
    (Form.BENTUK_LAINNYA, "Bentuk lainnya sesuai urusan", "bentuk lainnya", "lainnya", "inovasi daerah lainnya"),
)
CLUSTERS = _words(
    (ProgrammeCluster.PANGAN, "Pangan"),
    (ProgrammeCluster.ENERGI_AIR, "Energi dan air"),
    (ProgrammeCluster.PENDIDIKAN, "Pendidikan"),
    (ProgrammeCluster.KESEHATAN, "Kesehatan"),
    (ProgrammeCluster.HILIRISASI, "Hilirisasi dan industrialisasi"),
    (ProgrammeCluster.INFRASTRUKTUR, "Infrastruktur, perumahan dan ketahanan bencana"),
    (ProgrammeCluster.EKONOMI_KERAKYATAN, "Ekonomi kerakyatan dan desa"),
    (ProgrammeCluster.KEMISKINAN, "Penurunan kemiskinan"),
    (ProgrammeCluster.NON_PKPN, "Non-PKPN"),
)
ORIGINS = _words(
    (OriginKind.OWN, "Gagasan sendiri", "sendiri", "perangkat daerah"),
    (OriginKind.COMMUNITY, "Masyarakat", "warga"),
    (OriginKind.TRAINING, "Pelatihan", "diklat", "proyek perubahan", "aksi perubahan"),
    (OriginKind.REPLICATION, "Replikasi", "replikasi daerah lain"),
)
TRAININGS = _words(
    ("pkp", "PKP", "diklat pkp", "pelatihan kepemimpinan pengawas"),
    ("pka", "PKA", "diklat pka", "pelatihan kepemimpinan administrator"),
    ("cpns", "CPNS", "latsar", "latsar cpns", "pelatihan dasar cpns"),
    ("akademi_inovator", "Akademi inovator"),
)
TRAINING_DECISIONS = _words(
    ("continue", "Dilanjutkan", "lanjut", "diteruskan"),
    ("stop", "Dihentikan", "berhenti", "tidak dilanjutkan"),
)
AFFAIRS = tuple(Choice(slug, name) for slug, name in AFFAIR_NAMES.items())
ASTA_CITA = tuple(Choice(str(number), str(number), (f"asta cita {number}",)) for number in range(1, 9))
