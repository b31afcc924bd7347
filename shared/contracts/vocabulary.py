"""The closed lists of values that events and forms share. Source: the national profile form of 2026 (Pedoman IGA 2026,
letter 400.10.11/1887/BSKDN); the words on screen are in Bahasa Indonesia, the values are stable slugs of those
words."""

from __future__ import annotations

from enum import StrEnum


class AgencyKind(StrEnum):
    """Jenis perangkat daerah atau unit."""

    DINAS = "dinas"
    BADAN = "badan"
    SEKRETARIAT = "sekretariat"
    BAGIAN = "bagian"
    INSPEKTORAT = "inspektorat"
    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"
    DESA = "desa"
    PUSKESMAS = "puskesmas"
    RSUD = "rsud"
    UPT = "upt"
    SEKOLAH = "sekolah"
    BUMD = "bumd"


class InnovationStatus(StrEnum):
    """The states of an innovation: draft → submitted → returned → submitted → verified; or withdrawn."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"


class Stage(StrEnum):
    """Tahapan inovasi."""

    INISIATIF = "inisiatif"
    UJI_COBA = "uji_coba"
    PENERAPAN = "penerapan"


class Initiator(StrEnum):
    """Inisiator: the kind of person, never a name."""

    KEPALA_DAERAH = "kepala_daerah"
    ANGGOTA_DPRD = "anggota_dprd"
    OPD = "opd"
    ASN = "asn"
    MASYARAKAT = "masyarakat"


class Classification(StrEnum):
    """Klasifikasi (2026)."""

    PERANGKAT_DAERAH = "perangkat_daerah"
    DESA_KELURAHAN = "desa_kelurahan"
    MASYARAKAT = "masyarakat"


class Nature(StrEnum):
    """Jenis inovasi."""

    DIGITAL = "digital"
    NON_DIGITAL = "non_digital"


class Form(StrEnum):
    """Bentuk inovasi daerah."""

    TATA_KELOLA = "tata_kelola"
    PELAYANAN_PUBLIK = "pelayanan_publik"
    BENTUK_LAINNYA = "bentuk_lainnya"


class ProgrammeCluster(StrEnum):
    """Klaster PKPN (2026)."""

    PANGAN = "pangan"
    ENERGI_AIR = "energi_dan_air"
    PENDIDIKAN = "pendidikan"
    KESEHATAN = "kesehatan"
    HILIRISASI = "hilirisasi_dan_industrialisasi"
    INFRASTRUKTUR = "infrastruktur_perumahan_dan_ketahanan_bencana"
    EKONOMI_KERAKYATAN = "ekonomi_kerakyatan_dan_desa"
    KEMISKINAN = "penurunan_kemiskinan"
    NON_PKPN = "non_pkpn"


class Zone(StrEnum):
    """The civil time zones of Indonesia."""

    WIB = "Asia/Jakarta"
    WIB_PONTIANAK = "Asia/Pontianak"
    WITA = "Asia/Makassar"
    WIT = "Asia/Jayapura"


class CountsWhen(StrEnum):
    """Which innovations fulfil the duty, by the region's policy."""

    SUBMITTED = "submitted"
    VERIFIED = "verified"


class ObligationStatus(StrEnum):
    """The status of an agency's duty for one year."""

    OPEN = "open"
    FULFILLED = "fulfilled"
    OVERDUE = "overdue"
    EXEMPTED = "exempted"


class ReasonKind(StrEnum):
    """What a reason to notify somebody is about."""

    DUTY = "duty"
    INNOVATION = "innovation"
    CONTACT = "contact"
    DEADLINE = "deadline"
    REPORT = "report"
    ENDPOINT = "endpoint"
    QUESTION = "question"
    IDEA = "idea"
