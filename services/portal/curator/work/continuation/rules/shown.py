"""The parts of the rules in words, to be shown beside what somebody else has changed. Pure."""

from __future__ import annotations

from services.portal.continuation.group import Body, Row
from services.portal.pages.language import _


def general_shown(body: Body) -> list[Row]:
    """Everything but the pipelines."""
    asked = body["follow_up"]
    rows = (
        (_("Tanyakan pemakaian setiap"), _("%(count)s bulan") % {"count": asked["every_months"]}),
        (_("Tunggu jawaban selama"), _("%(count)s hari") % {"count": asked["answer_within_days"]}),
        (_("Gagasan masyarakat yang diterima sehari"), str(body["ideas_per_day"])),
        (_("Tim, SOP dan pembiayaan wajib disebut"), _("Ya") if body["sustainability_required"] else _("Tidak")),
    )
    return [{"key": key, "value": value} for key, value in rows]


def pipeline_shown(body: Body) -> list[Row]:
    """A pipeline with its stages."""
    stages = [
        {"key": _("Tahapan %(number)s") % {"number": number}, "value": "; ".join(_stage(each))}
        for number, each in enumerate(body["stages"], 1)
    ]
    return [{"key": _("Nama jalur"), "value": body["name"]}, *stages]


def _stage(each: Body) -> list[str]:
    patience = [_("paling lama %(days)s hari") % {"days": each["patience_days"]}] if "patience_days" in each else []
    return [each["name"], *patience, *([_("sudah diluncurkan")] if each["launched"] else [])]
