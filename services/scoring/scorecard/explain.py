"""Explains a row's score in Bahasa Indonesia, for the people who submitted it."""

from __future__ import annotations

from decimal import Decimal

from services.scoring.catalogue.indicators import Basis, Indicator
from services.scoring.catalogue.scales import Reading, Scale, interval
from shared.contracts.vocabulary import Nature, Stage
from shared.indonesian import number


def measured(scale: Scale, reading: Reading, basis: Basis | None) -> str:
    """The sentence about a measured value."""
    value = f"Nilai {number(reading.value)} {scale.unit}"
    if reading.rounded != reading.value:
        places = f"{scale.precision} desimal" if scale.precision else "bilangan bulat"
        value += f", dibulatkan menjadi {number(reading.rounded)} (setengah ke atas, {places}),"
    about = f" ({basis.measured})" if basis is not None else ""
    if reading.band is not None:
        where = f"masuk rentang {interval(reading.band, scale.unit)}"
        where += ", batas yang dimiliki dua level; dipakai level yang lebih baik" if reading.tied else ""
    elif reading.hole is not None:
        where = f"tidak memiliki rentang ({reading.hole.note})"
    else:
        where = f"berada di bawah rentang level 1 ({interval(scale.bands[0], scale.unit)})"
    return f"{value}{about} {where}: level {reading.level}."


def stated(row: Indicator, level: int, nature: Nature, basis: str | None) -> str:
    """The sentence about a level that the agency stated."""
    return f"Level {level} menurut isian perangkat daerah{quoted(row, level, nature, basis)}."


def quoted(row: Indicator, level: int, nature: Nature, basis: str | None) -> str:
    """`: “text of the level”`, or nothing."""
    text = row.text(level, nature, basis)
    return f": “{text}”" if text else ""


def unproved(would_be: int) -> str:
    """The sentence for an entry without a file or link."""
    tail = f" Isian menunjukkan level {would_be}; unggah data pendukung agar dinilai." if would_be else ""
    return f"Belum ada data pendukung (berkas atau tautan): level 0.{tail}"


def undecided(proofs: int) -> str:
    """The sentence for files or links without level and value."""
    return f"Ada {proofs} data pendukung, tetapi level atau nilai belum diisi: level 0."


def unread(reason: str) -> str:
    """The sentence for a value that cannot be read."""
    return f"Nilai tidak dapat dibaca ({reason}): level 0."


FROM_TABLE = "Level berasal dari tabel yang diimpor; data pendukungnya tidak ikut diimpor."
EMPTY = "Belum diisi: level 0."


def points(level: int, weight: Decimal, brought: Decimal) -> str:
    """The multiplication of level and weight."""
    return f"{level} × bobot {number(weight)} = {number(brought)} poin."


def verified(row: Indicator, level: int | None, proofs: int, nature: Nature, basis: str | None) -> str:
    """The sentence about the curator's decision."""
    if level is None:
        return "Belum diverifikasi kurator: 0 poin terverifikasi."
    if proofs == 0 and level > 0:
        return f"Kurator menetapkan level {level}, tetapi data pendukung tidak ada: 0 poin terverifikasi."
    counted = f"{number(row.points(level))} poin terverifikasi"
    return f"Kurator menetapkan level {level}{quoted(row, level, nature, basis)}; {counted}."


def stage_hint(stage: Stage) -> str | None:
    """Why an innovation that is not yet applied may not go further; None for one that is."""
    if stage is Stage.PENERAPAN:
        return None
    word = {Stage.INISIATIF: "inisiatif", Stage.UJI_COBA: "uji coba"}[stage]
    return (
        f"Tahapan masih {word}: dinilai seperti penerapan, tetapi penjaringan nasional hanya menerima inovasi yang "
        "sudah diterapkan."
    )
