"""The forms of the rules: their parts as the registry takes them, and what is wrong with what was typed. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

from services.portal.answered.rules import Pipeline, Rules
from services.portal.continuation import lines
from services.portal.continuation.entered import NAME, Entered, without_empty
from services.portal.continuation.group import Body, ListOf
from services.portal.curator.work.entered import count_of
from services.portal.pages.forms import Errors, Form
from services.portal.pages.language import _

STAGES = ListOf("stages", ("slug", "name", "patience_days", "launched"), 20)
MOST_PIPELINES = 10
RANGES: Mapping[str, tuple[int, int]] = {
    "every_months": (1, 60),
    "answer_within_days": (1, 365),
    "ideas_per_day": (0, 10_000),
}
"""Field → the smallest and the largest number that the registry takes."""

_PATIENCE = (1, 3_650)  # days
_LONGEST_SLUG = 40
_PIPELINES = "pipelines"
_TERMS = {_PIPELINES, "follow_up", "ideas_per_day", "sustainability_required"}


def terms_of(rules: Rules) -> Body:
    """The body of a change that changes nothing."""
    return rules.model_dump(mode="json", include=_TERMS, exclude_none=True)


def general(rules: Rules) -> Body:
    """What the first form has: everything but the pipelines."""
    return {name: value for name, value in terms_of(rules).items() if name != _PIPELINES}


def general_typed(body: Body) -> dict[str, str]:
    """The fields of the first form."""
    numbers = {**body["follow_up"], "ideas_per_day": body["ideas_per_day"]}
    required = {"sustainability_required": "ya"} if body["sustainability_required"] else {}
    return {**{name: str(number) for name, number in numbers.items()}, **required}


def read_general(form: Form, errors: Errors) -> Body:
    """The body of the first form."""
    numbers = {name: _number(form, errors, name, *between) for name, between in RANGES.items()}
    return {
        "ideas_per_day": numbers.pop("ideas_per_day"),
        "follow_up": numbers,
        "sustainability_required": form.has("sustainability_required"),
    }


def pipeline_of(line: Pipeline) -> Body:
    """A pipeline as a body."""
    return line.model_dump(mode="json", exclude_none=True)


def pipeline_typed(body: Body) -> dict[str, str]:
    """The fields of a pipeline's form."""
    stages = [
        {
            "slug": each["slug"],
            "name": each["name"],
            "patience_days": str(each.get("patience_days", "")),
            "launched": "ya" if each["launched"] else "",
        }
        for each in body["stages"]
    ]
    return {"name": body["name"], **dict(lines.numbered(STAGES.name, stages))}


def read_pipeline(form: Form, errors: Errors, before: Pipeline | None, taken: Collection[str]) -> Body:
    """The body of a compact form. before: the pipeline that it changes, None: a new one; taken: slugs of the region's
    pipelines. A slug stays for ever; that of what is new follows from its name."""
    entered = Entered(form, errors)
    name = entered.line("name", NAME, missing=_("Isi nama jalur."))
    stored = {each.slug for each in before.stages} if before else set[str]()
    slugs: list[str] = []
    stages = []
    for number, each in enumerate(lines.sent(form, STAGES)):
        at = f"{STAGES.name}.{number}"
        called = entered.line(f"{at}.name", NAME, missing=_("Isi nama tahapan."))
        days = _number(form, errors, f"{at}.patience_days", *_PATIENCE) if each["patience_days"] else None
        kept = each["slug"] in stored and each["slug"] not in slugs
        slugs.append(each["slug"] if kept else slug_of(called or "", {*stored, *slugs}, "tahapan"))
        stage = {"slug": slugs[-1], "name": called, "patience_days": days, "launched": bool(each["launched"])}
        stages.append(without_empty(stage))
    if not stages:
        errors[STAGES.name] = _("Sebutkan paling sedikit satu tahapan.")
    return {"slug": before.slug if before else slug_of(name or "", taken, "jalur"), "name": name, "stages": stages}


def with_pipeline(rules: Rules, body: Body) -> Body:
    """The rules with this pipeline in the place of the one of its slug, or at the end."""
    terms = terms_of(rules)
    known = [each["slug"] for each in terms[_PIPELINES]]
    others = [body if each["slug"] == body["slug"] else each for each in terms[_PIPELINES]]
    return {**terms, _PIPELINES: others if body["slug"] in known else [*others, body]}


def without_pipeline(rules: Rules, slug: str) -> Body:
    """The rules without a pipeline."""
    terms = terms_of(rules)
    return {**terms, _PIPELINES: [each for each in terms[_PIPELINES] if each["slug"] != slug]}


def slug_of(name: str, taken: Collection[str], otherwise: str) -> str:
    """A new slug for a name: `inkubator_uji_coba`. otherwise: for a name without a letter of the alphabet."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_0123456789")[: _LONGEST_SLUG - 4].strip("_") or otherwise
    found, number = stem, 1
    while found in taken:
        number += 1
        found = f"{stem}_{number}"
    return found


def _number(form: Form, errors: Errors, name: str, least: int, most: int) -> int | None:
    count = count_of(form.text(name), most)
    if count is None or count < least:
        errors[name] = _("Tulis angka dari %(least)s sampai %(most)s.") % {"least": least, "most": most}
        return None
    return count
