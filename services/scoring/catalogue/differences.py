"""The differences between two catalogues, in words (Bahasa Indonesia).

A row is the same indicator when its number within the aspect (`short`, else its number) is the same: the joint
numbering has moved between years (16 of 2026 is 1 of 2024).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.constants import Constants, Counted
from services.scoring.catalogue.indicators import Indicator
from services.scoring.catalogue.scales import Band, Better, Scale, interval
from shared.indonesian import day, number

_UNKNOWN = "tidak diketahui"


@dataclass(frozen=True)
class Difference:
    """One row, or the constants (number_before and number_after empty). changes: one sentence each; a row that only one
    side has has None for its number on the other."""

    number_before: str | None
    number_after: str | None
    name: str
    changes: tuple[str, ...]


def differences(before: Catalogue, after: Catalogue) -> Iterator[Difference]:
    """All differences in the order of the newer form, then removed rows, then the constants."""
    for aspect in ("innovation", "region"):
        older, newer = _by_key(getattr(before, aspect)), _by_key(getattr(after, aspect))
        if not older or not newer:
            if older or newer:
                presence = "ada" if newer else "tidak ada"
                title = "Satuan Inovasi Daerah" if aspect == "innovation" else "Satuan Pemerintahan Daerah"
                yield Difference("", "", f"Aspek {title}", (f"{presence} pada katalog {after.name}",))
            continue
        for key, row in newer.items():
            old = older.get(key)
            if old is None:
                yield Difference(None, row.number, row.name, (f"indikator baru, bobot {number(row.weight)}",))
            elif changes := tuple(_row(old, row)):
                yield Difference(old.number, row.number, row.name, changes)
        for key, row in older.items():
            if key not in newer:
                yield Difference(row.number, None, row.name, ("indikator tidak ada lagi",))
    if changes := tuple(_constants(before.constants, after.constants)):
        yield Difference("", "", "Konstanta rumus", changes)


def in_words(before: Catalogue, after: Catalogue) -> Iterator[str]:
    """The differences as lines of text."""
    yield f"Katalog {before.name} → {after.name}"
    none = True
    for each in differences(before, after):
        none = False
        yield ""
        yield _title(each)
        yield from (f"  - {change}" for change in each.changes)
    if none:
        yield "Tidak ada perbedaan."


def _title(each: Difference) -> str:
    old, new = each.number_before, each.number_after
    if old == new:
        return f"{new}  {each.name}" if new else each.name
    return f"{new or '–'} (dahulu {old or '–'})  {each.name}"


def _by_key(rows: tuple[Indicator, ...]) -> dict[str, Indicator]:
    return {row.key: row for row in rows}


def _row(old: Indicator, new: Indicator) -> Iterator[str]:
    if old.name != new.name:
        yield f"nama: “{old.name}” menjadi “{new.name}”"
    if old.weight != new.weight:
        yield f"bobot {number(old.weight)} menjadi {number(new.weight)}"
    if old.mandatory != new.mandatory:
        yield "menjadi wajib" if new.mandatory else "tidak lagi wajib"
    yield from _ways(_levels(old), _levels(new))
    yield from _scales(_scales_of(old), _scales_of(new))
    if set(old.kinds) != set(new.kinds) or old.links != new.links:
        yield f"jenis berkas: {_kinds(old)} menjadi {_kinds(new)}"
    if old.evidence is not None and new.evidence is not None and old.evidence != new.evidence:
        yield f"data pendukung yang diminta: “{old.evidence}” menjadi “{new.evidence}”"


def _levels(row: Indicator) -> dict[str, tuple[str, str, str]]:
    if row.variants is not None:
        return {"digital": row.variants.digital, "nondigital": row.variants.non_digital}
    if row.bases is not None:
        return {f"basis {key}": basis.levels for key, basis in row.bases.items()}
    return {"": row.levels} if row.levels is not None else {}


def _ways(old: Mapping[str, tuple[str, ...]], new: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for way, texts in new.items():
        named = f"{way}, " if way else ""
        if way not in old:
            yield f"{way or 'satu ukuran'} baru: {'; '.join(texts)}"
            continue
        for level, (was, now) in enumerate(zip(old[way], texts, strict=True), start=1):
            if was != now:
                yield f"{named}level {level}: “{was}” menjadi “{now}”"
    yield from (f"{way or 'satu ukuran'} tidak ada lagi" for way in old if way not in new)


def _scales_of(row: Indicator) -> dict[str, Scale]:
    if row.bases is not None:
        return {f"basis {key}, ": basis.scale for key, basis in row.bases.items()}
    return {"": row.scale} if row.scale is not None else {}


def _scales(old: Mapping[str, Scale], new: Mapping[str, Scale]) -> Iterator[str]:
    for way, scale in new.items():
        was = old.get(way)
        if was is None:
            if not way:
                yield f"kini ditentukan oleh angka ({scale.unit})"
            continue
        bands = {band.level: band for band in was.bands}
        for band in sorted(scale.bands, key=lambda each: each.level):
            yield from _band(way, bands.get(band.level), was, band, scale)
        if was.precision != scale.precision:
            yield f"{way}pembulatan {was.precision} desimal menjadi {scale.precision} desimal"
        if was.better != scale.better:
            yield f"{way}kini {'makin banyak' if scale.better is Better.MORE else 'makin sedikit'} makin baik"
        if was.ties != scale.ties:
            yield f"{way}{'batas kini dimiliki dua level' if scale.ties else 'batas tidak lagi dimiliki dua level'}"
        if [(hole.least, hole.most, hole.level) for hole in was.holes] != [
            (hole.least, hole.most, hole.level) for hole in scale.holes
        ]:
            yield f"{way}rentang yang tidak dimuat sumber: {_holes(was)} menjadi {_holes(scale)}"
    yield from ("tidak lagi ditentukan oleh angka" for way in old if not way and way not in new)


def _band(way: str, old: Band | None, was: Scale, new: Band, now: Scale) -> Iterator[str]:
    if old is not None and (old.least, old.most) != (new.least, new.most):
        yield f"{way}level {new.level}: {interval(old, was.unit)} menjadi {interval(new, now.unit)}"


def _holes(scale: Scale) -> str:
    shown = "; ".join(f"{interval(hole, scale.unit)} bernilai level {hole.level}" for hole in scale.holes)
    return shown or "tidak ada"


def _kinds(row: Indicator) -> str:
    return ", ".join([*sorted(row.kinds), *(["tautan"] if row.links else [])]) or "tidak disebut"


def _constants(old: Constants, new: Constants) -> Iterator[str]:
    before, after = _shown(old), _shown(new)
    for name in {**before, **after}:
        was, now = before.get(name, _UNKNOWN), after.get(name, _UNKNOWN)
        if was != now:
            yield f"{name}: {was} menjadi {now}"


def _shown(constants: Constants) -> dict[str, str]:
    shown: dict[str, str] = {}
    if constants.least_divisor is not None:
        shown["pembagi terkecil D"] = str(constants.least_divisor)
    if constants.basic_service_needed is not None:
        shown["urusan pelayanan dasar U"] = str(constants.basic_service_needed)
    if constants.counted is not None:
        shown["indikator otomatis Jumlah Inovasi"] = _counted(constants.counted)
    if constants.index_of is not None:
        shown["poin untuk indeks 100"] = number(constants.index_of)
    for predicate in constants.predicates or ():
        shown[f"predikat {predicate.name}"] = interval(predicate, "").replace("  ", " ").strip()
    if constants.window is not None:
        shown["jendela umur"] = f"{day(constants.window.first)} s.d. {day(constants.window.last)}"
    return shown


def _counted(counted: Counted) -> str:
    return f"nomor {counted.number}, {number(counted.each)} poin, paling banyak {counted.most_counted} inovasi"
