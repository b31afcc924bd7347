"""An indicator's levels and a claim in words. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from services.portal.agency.evidence.catalogue import LEVELS, Indicator, Scale
from services.portal.answered.evidence import Evidence
from services.portal.pages.formats import day, number
from services.portal.pages.language import N_, _

_MEGABYTES = {"mp4": 100}
_USUAL_MEGABYTES = 10
_KINDS = {"pdf": "PDF", "jpg": "JPG", "jpeg": "JPG", "png": "PNG", "mp4": "MP4"}
_LABELS = {
    "level": N_("Level (parameter)"),
    "value": N_("Nilai terukur"),
    "basis": N_("Dasar pengukuran"),
    "number": N_("Nomor surat"),
    "dated": N_("Tanggal surat"),
    "subject": N_("Perihal"),
    "links": N_("Tautan"),
}


@dataclass(frozen=True)
class Kinds:
    """What may be uploaded. words: `PDF, paling besar 10 MB`; accept: as HTML wants it."""

    words: str
    accept: str


def levels_of(indicator: Indicator, nature: str | None) -> list[tuple[int, str, str]]:
    """Level, text, and the points that it brings; empty for an indicator whose bases have their own texts."""
    texts = indicator.texts(nature)
    if texts is None:
        return []
    return [(level, text, points(indicator, level)) for level, text in zip(LEVELS, texts, strict=True)]


def points(indicator: Indicator, level: int) -> str:
    """`6 poin`."""
    return _("%(points)s poin") % {"points": number(indicator.weight * level)}


def bands_of(scale: Scale) -> str:
    """`1–10: level 1; 11–30: level 2; mulai 31: level 3`."""
    return "; ".join(
        _("%(band)s: level %(level)s") % {"band": _band(each.least, each.most), "level": each.level}
        for each in scale.bands
    )


def kinds_in_words(indicator: Indicator) -> Kinds:
    """The kinds of files that the indicator takes."""
    words: list[str] = []
    for most in sorted({_MEGABYTES.get(kind, _USUAL_MEGABYTES) for kind in indicator.kinds}):
        kinds = dict.fromkeys(_KINDS.get(kind, kind.upper()) for kind in indicator.kinds if _most(kind) == most)
        words.append(_("%(kinds)s paling besar %(most)s MB") % {"kinds": ", ".join(kinds), "most": most})
    return Kinds("; ".join(words), ",".join(f".{kind}" for kind in indicator.kinds))


def claim_in_words(row: Evidence, names: Collection[str]) -> list[dict[str, str]]:
    """These fields of a stored claim, for a summary list."""
    shown: Mapping[str, str] = {
        "level": str(row.level or ""),
        "value": "" if row.value is None else f"{number(row.value)} {row.unit or ''}".strip(),
        "basis": row.basis or "",
        "number": row.number or "",
        "dated": day(row.dated) if row.dated else "",
        "subject": row.subject or "",
        "links": "\n".join(row.links),
    }
    return [{"key": _(_LABELS[name]), "value": shown[name] or _("(kosong)")} for name in _LABELS if name in names]


def _most(kind: str) -> int:
    return _MEGABYTES.get(kind, _USUAL_MEGABYTES)


def _band(least: object, most: object) -> str:
    if least is None:
        return _("sampai %(most)s") % {"most": number(str(most))}
    if most is None:
        return _("mulai %(least)s") % {"least": number(str(least))}
    same = str(least) == str(most)
    return number(str(least)) if same else f"{number(str(least))}–{number(str(most))}"
