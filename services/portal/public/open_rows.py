"""The rows of the open data: what everybody may see, in columns whose names never change."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from services.portal.model.views.innovation import InnovationView
from services.portal.model.views.ranking import Ranked
from services.portal.model.views.summary import IndexView
from shared.contracts.affairs import AFFAIR_NAMES

Cell = str | int | Decimal | None
Row = Mapping[str, Cell]

INNOVATION_COLUMNS = (
    "id", "nama", "kode_daerah", "daerah", "id_perangkat_daerah", "perangkat_daerah", "tahun", "tahapan", "inisiator",
    "klasifikasi", "bentuk", "jenis", "urusan", "urusan_beririsan", "waktu_uji_coba", "waktu_penerapan",
    "pertama_diajukan", "terverifikasi", "kematangan", "kematangan_tertinggi", "katalog",
)  # fmt: skip
RANKING_COLUMNS = ("peringkat", "bersama", "pergerakan", "peringkat_sebelumnya", *INNOVATION_COLUMNS)
INDEX_COLUMNS = (
    "kode_daerah", "daerah", "tahun", "indeks", "predikat", "menuju_predikat_berikutnya", "nilai_spd", "nilai_sid",
    "poin_jumlah_inovasi", "inovasi_dihitung", "urusan_pelayanan_dasar",
)  # fmt: skip


def innovation_row(it: InnovationView, region_name: str) -> Row:
    """A verified innovation."""
    return {
        "id": it.id,
        "nama": it.name,
        "kode_daerah": it.region,
        "daerah": region_name,
        "id_perangkat_daerah": it.agency,
        "perangkat_daerah": it.agency_name,
        "tahun": it.year,
        "tahapan": it.stage,
        "inisiator": it.initiator,
        "klasifikasi": it.classification,
        "bentuk": it.form,
        "jenis": it.nature,
        "urusan": AFFAIR_NAMES.get(it.main_affair, it.main_affair),
        "urusan_beririsan": "; ".join(AFFAIR_NAMES.get(each, each) for each in it.related_affairs),
        "waktu_uji_coba": it.trial_on.isoformat() if it.trial_on else None,
        "waktu_penerapan": it.applied_on.isoformat() if it.applied_on else None,
        "pertama_diajukan": it.first_submitted_at.isoformat() if it.first_submitted_at else None,
        "terverifikasi": it.verified_at.isoformat() if it.verified_at else None,
        "kematangan": it.verified,
        "kematangan_tertinggi": it.most,
        "katalog": it.card.catalogue if it.card else None,
    }


def ranking_row(place: Ranked, region_name: str) -> Row:
    """A place of a ranking."""
    movement = place.movement
    return {
        "peringkat": place.rank,
        "bersama": "ya" if place.shared else "tidak",
        "pergerakan": movement.direction.value if movement else None,
        "peringkat_sebelumnya": movement.before if movement else None,
        **innovation_row(place.innovation, region_name),
    }


def index_row(index: IndexView, region_name: str) -> Row:
    """A region's index, the verified figure."""
    return {
        "kode_daerah": index.region,
        "daerah": region_name,
        "tahun": index.year,
        "indeks": index.verified.index,
        "predikat": index.predicate,
        "menuju_predikat_berikutnya": index.to_next_predicate,
        "nilai_spd": index.verified.spd,
        "nilai_sid": index.verified.sid,
        "poin_jumlah_inovasi": index.verified.count_points,
        "inovasi_dihitung": index.verified.innovations,
        "urusan_pelayanan_dasar": index.verified.basic_service,
    }
