"""The form of a competition's terms: groups, categories, days of entry, places and the jury's criteria."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.portal.answered.competition import Terms
from services.portal.curator.work.entered import count_of, day_of, decimal_of, year_of
from shared.contracts.vocabulary import AgencyKind, Classification, Form, Nature

SPARE = 1  # empty lines beside those that are filled in
MOST_LINES = 20
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 40

Line = Mapping[str, Any]


@dataclass(frozen=True)
class TermsForm:
    """The terms as typed. groups: `name`, `kinds`, `classifications`; categories: `name`, `forms`, `natures`;
    milestones: `name`, `first`, `last`; criteria: `name`, `weight`. wrong: field → slug of what is wrong in it."""

    name: str = ""
    season: str = ""
    year: str = ""
    first: str = ""
    last: str = ""
    places: str = ""
    synthetic: bool = False
    jury: bool = False
    maturity_weight: str = ""
    groups: tuple[Line, ...] = ({},)
    categories: tuple[Line, ...] = ({},)
    milestones: tuple[Line, ...] = ({},)
    criteria: tuple[Line, ...] = ({},)
    wrong: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The terms as scoring takes them. Slugs are made of the names; those that were stored are kept."""
        body: dict[str, Any] = {
            "name": self.name,
            "season": _slug(self.season) or self.year,
            "year": year_of(self.year, 0),
            "groups": [_group(each, at) for at, each in enumerate(self.groups) if each.get("name")],
            "categories": [_category(each, at) for at, each in enumerate(self.categories) if each.get("name")],
            "entrance": {name: day for name, day in (("first", self.first), ("last", self.last)) if day},
            "milestones": [
                {"name": each["name"], "first": each["first"], "last": each["last"] or each["first"]}
                for each in self.milestones
                if each.get("name")
            ],
            "synthetic": self.synthetic,
        }
        if self.places:
            body["places"] = count_of(self.places) or 0
        if self.jury:
            body["jury"] = {
                "maturity_weight": float(decimal_of(self.maturity_weight) or 0),
                "criteria": [_criterion(each, at) for at, each in enumerate(self.criteria) if each.get("name")],
            }
        return body


def stored(terms: Terms) -> TermsForm:
    """The terms as they are stored, with an empty line in each list."""
    return TermsForm(
        name=terms.name,
        season=terms.season,
        year=str(terms.year),
        first=terms.entrance.first.isoformat() if terms.entrance.first else "",
        last=terms.entrance.last.isoformat() if terms.entrance.last else "",
        places=str(terms.places or ""),
        synthetic=terms.synthetic,
        jury=terms.jury is not None,
        maturity_weight=_number(terms.jury.maturity_weight) if terms.jury else "",
        groups=(*(each.model_dump() for each in terms.groups), {}),
        categories=(*(each.model_dump() for each in terms.categories), {}),
        milestones=(*(each.model_dump(mode="json") for each in terms.milestones), {}),
        criteria=(
            *({"slug": each.slug, "name": each.name, "weight": _number(each.weight)} for each in _criteria(terms)),
            {},
        ),
    )


def sent(fields: Mapping[str, str], many: Callable[[str], Sequence[str]]) -> TermsForm:
    """The terms as they were sent. many: all values of a field that may come several times. Lines keep their places."""
    form = TermsForm(
        name=fields.get("nama", "").strip(),
        season=fields.get("musim", "").strip(),
        year=fields.get("tahun", "").strip(),
        first=fields.get("pendaftaran-mulai", "").strip(),
        last=fields.get("pendaftaran-selesai", "").strip(),
        places=fields.get("juara", "").strip(),
        synthetic=bool(fields.get("contoh")),
        jury=bool(fields.get("juri")),
        maturity_weight=fields.get("bobot-kematangan", "").strip(),
        groups=_lines(
            fields,
            "kelompok",
            lambda at: {
                "kinds": _known(many(f"kelompok-{at}-jenis"), AgencyKind),
                "classifications": _known(many(f"kelompok-{at}-klasifikasi"), Classification),
            },
        ),
        categories=_lines(
            fields,
            "kategori",
            lambda at: {
                "forms": _known(many(f"kategori-{at}-bentuk"), Form),
                "natures": _known(many(f"kategori-{at}-sifat"), Nature),
                "affairs": tuple(many(f"kategori-{at}-urusan")),
            },
        ),
        milestones=_lines(
            fields,
            "jadwal",
            lambda at: {
                "first": fields.get(f"jadwal-{at}-mulai", "").strip(),
                "last": fields.get(f"jadwal-{at}-selesai", "").strip(),
            },
        ),
        criteria=_lines(fields, "kriteria", lambda at: {"weight": fields.get(f"kriteria-{at}-bobot", "").strip()}),
    )
    return TermsForm(**{**vars(form), "wrong": _flaws(form)})


def widened(form: TermsForm) -> TermsForm:
    """The form with an empty line at the end of each list."""
    lists = {
        name: (*lines, {}) if len(lines) < MOST_LINES and (not lines or lines[-1].get("name")) else lines
        for name, lines in (
            ("groups", form.groups),
            ("categories", form.categories),
            ("milestones", form.milestones),
            ("criteria", form.criteria),
        )
    }
    return TermsForm(**{**vars(form), **lists})


def _lines(fields: Mapping[str, str], name: str, more: Callable[[int], Line]) -> tuple[Line, ...]:
    found: list[Line] = []
    for at in range(_count(fields, name)):
        slug = {"slug": fields[f"{name}-{at}-slug"]} if fields.get(f"{name}-{at}-slug") else {}
        found.append({"name": fields.get(f"{name}-{at}", "").strip(), **slug, **more(at)})
    return tuple(found) or ({},)


def _count(fields: Mapping[str, str], name: str) -> int:
    """Lines up to the last of which anything was sent, whatever is missing before it."""
    sent_lines = {key.removeprefix(f"{name}-").partition("-")[0] for key in fields if key.startswith(f"{name}-")}
    return max((at + 1 for at in range(MOST_LINES) if str(at) in sent_lines), default=0)


def _flaws(form: TermsForm) -> dict[str, str]:
    found = {name: "missing" for name, text in (("nama", form.name), ("tahun", form.year)) if not text}
    if form.places and count_of(form.places) is None:
        found["juara"] = "number"
    if not any(each.get("name") for each in form.groups):
        found["kelompok-0"] = "missing"
    days = {"pendaftaran-mulai": form.first, "pendaftaran-selesai": form.last}
    found |= {name: "day" for name, text in days.items() if text and day_of(text) is None}
    return {**found, **_calendar_flaws(form), **(_jury_flaws(form) if form.jury else {})}


def _calendar_flaws(form: TermsForm) -> dict[str, str]:
    found: dict[str, str] = {}
    for at, each in enumerate(form.milestones):
        if each.get("name") and day_of(each.get("first", "")) is None:
            found[f"jadwal-{at}-mulai"] = "day"
        if each.get("name") and each.get("last") and day_of(each["last"]) is None:
            found[f"jadwal-{at}-selesai"] = "day"
    return found


def _jury_flaws(form: TermsForm) -> dict[str, str]:
    found = {
        f"kriteria-{at}-bobot": "number"
        for at, each in enumerate(form.criteria)
        if each.get("name") and decimal_of(each.get("weight", "")) is None
    }
    if decimal_of(form.maturity_weight) is None:
        found["bobot-kematangan"] = "number"
    if not any(each.get("name") for each in form.criteria):
        found["kriteria-0"] = "missing"
    return found


def _group(line: Line, at: int) -> dict[str, Any]:
    slug = line.get("slug") or _slug(line["name"]) or f"kelompok-{at + 1}"
    kinds, classifications = list(line.get("kinds", ())), list(line.get("classifications", ()))
    return {"slug": slug, "name": line["name"], "kinds": kinds, "classifications": classifications}


def _category(line: Line, at: int) -> dict[str, Any]:
    slug = line.get("slug") or _slug(line["name"]) or f"kategori-{at + 1}"
    parts = {name: list(line.get(name, ())) for name in ("forms", "natures", "affairs")}
    return {"slug": slug, "name": line["name"], **parts}


def _criterion(line: Line, at: int) -> dict[str, Any]:
    slug = line.get("slug") or _slug(line["name"]) or f"kriteria-{at + 1}"
    return {"slug": slug, "name": line["name"], "weight": float(decimal_of(line.get("weight", "")) or 0)}


def _criteria(terms: Terms) -> Sequence[Any]:
    return terms.jury.criteria if terms.jury else ()


def _known(values: Sequence[str], of: type[AgencyKind | Classification | Form | Nature]) -> tuple[str, ...]:
    known = {each.value for each in of}
    return tuple(value for value in values if value in known)


def _slug(text: str) -> str:
    return _NO_SLUG.sub("-", text.casefold()).strip("-")[:_LONGEST_SLUG].strip("-")


def _number(value: object) -> str:
    return str(value).rstrip("0").rstrip(".").replace(".", ",") if "." in str(value) else str(value)
