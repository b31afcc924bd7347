"""Prints a certificate for one place of one freeze: A4 landscape. It names no person; the signer fills in by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepInFrame, Spacer

from services.scoring.exports.certificate import Certificate
from services.scoring.views.rankings import SYNTHETIC, TRANSCRIBED
from shared.exports.paper import INK, MARGIN, RULE, build, para, styles
from shared.indonesian import number

TITLE = "Piagam Peringkat Inovasi Daerah"
_SIGN = "Ditetapkan di ....................................., tanggal ....................................."
_SIGNER = "Jabatan, nama dan tanda tangan: ............................................................"


def print_certificate(certificate: Certificate, path: Path) -> None:
    """Write the file."""
    frozen = certificate.frozen
    foot = f"Satu Inovasi · pembekuan {frozen.id} · sidik SHA-256 {frozen.digest}"
    width, height = landscape(A4)
    page = KeepInFrame(width - 2 * MARGIN, height - 2 * MARGIN, list(_story(certificate)), mode="shrink")
    build(path, [page], title=f"{TITLE}: {frozen.title}", foot=foot, size=landscape(A4), behind=_frame)


def _story(certificate: Certificate) -> Iterator[Flowable]:
    style = styles()
    frozen, cell, place = certificate.frozen, certificate.cell, certificate.place
    entry = place.entry
    yield Spacer(1, 18 * mm)
    yield para(f"Pemerintah {frozen.region_name}" if frozen.region_name else f"Daerah {frozen.region}", style.centred)
    yield Spacer(1, 3 * mm)
    yield para(TITLE.upper(), style.large)
    yield para(frozen.title, style.centred)
    yield Spacer(1, 12 * mm)
    yield para("diberikan kepada", style.centred)
    yield para(entry.agency_name or entry.agency, style.large)
    yield para(f"atas inovasi “{entry.name}”", style.centred)
    yield Spacer(1, 12 * mm)
    yield para(f"PERINGKAT {place.rank}{' (BERSAMA)' if place.shared else ''}", style.large)
    if frozen.terms is not None:
        yield para(f"{cell.group_name} · {cell.category_name}", style.centred)
    yield para(_points(certificate), style.centred)
    yield para(f"Peringkat dibekukan {certificate.frozen_on} (pembekuan ke-{frozen.number}).", style.centred)
    if frozen.reason:
        yield para(f"Alasan pembekuan ulang: {frozen.reason}", style.centred)
    yield Spacer(1, 12 * mm)
    for line in (_SIGN, _SIGNER):
        yield para(line, style.centred)
    yield Spacer(1, 4 * mm)
    for notice in _notices(certificate):
        yield para(notice, style.warning_centred)


def _points(certificate: Certificate) -> str:
    place, terms = certificate.place, certificate.frozen.terms
    verified = f"skor kematangan terverifikasi {number(place.entry.verified)} dari {number(place.entry.most)}"
    if terms is not None and terms.jury is not None:
        return f"dengan nilai akhir {number(place.total)} dari 100 ({verified})"
    return f"dengan {verified}"


def _notices(certificate: Certificate) -> Iterator[str]:
    if certificate.frozen.synthetic:
        yield SYNTHETIC
    if certificate.superseded_by is not None:
        yield f"Pembekuan ini telah dikoreksi oleh pembekuan ke-{certificate.superseded_by}."
    if certificate.frozen.transcribed:
        yield TRANSCRIBED


def _frame(canvas: Any) -> None:  # noqa: ANN401 - reportlab's own
    width, height = landscape(A4)
    for inset, colour, thick in ((12 * mm, INK, 1.5), (13.5 * mm, RULE, 0.5)):
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(thick)
        canvas.rect(inset, inset, width - 2 * inset, height - 2 * inset)
