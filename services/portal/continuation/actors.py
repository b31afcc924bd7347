"""The organisations behind an innovation, by kind."""

from __future__ import annotations

from services.portal.answered.continuation import Continuation
from services.portal.continuation import lines, words
from services.portal.continuation.entered import NAME, SUBJECT, Entered, without_empty
from services.portal.continuation.group import Body, Group, ListOf, Row
from services.portal.pages.forms import Errors, Form
from services.portal.pages.language import N_, _

LIST = ListOf("actors", ("kind", "name", "part"), 50)


def _stored(known: Continuation) -> Body:
    return {"actors": [each.model_dump(mode="json", exclude_none=True) for each in known.actors]}


def _typed(body: Body) -> dict[str, str]:
    return dict(lines.numbered("actors", body["actors"]))


def _read(form: Form, errors: Errors, known: Continuation) -> Body:  # noqa: ARG001 - as `Group.read`
    entered = Entered(form, errors)
    actors = []
    for number in range(len(lines.sent(form, LIST))):
        at = f"{LIST.name}.{number}"
        kind = entered.one(f"{at}.kind", list(words.ACTORS), missing=_("Pilih unsurnya."))
        name, part = (
            entered.line(f"{at}.name", NAME, missing=_("Isi nama lembaga.")),
            entered.line(f"{at}.part", SUBJECT),
        )
        actors.append(without_empty({"kind": kind, "name": name, "part": part}))
    return {"actors": actors}


def _shown(body: Body) -> list[Row]:
    return [
        {
            "key": words.word(words.ACTORS, each["kind"]),
            "value": f"{each['name']}: {each['part']}" if "part" in each else each["name"],
        }
        for each in body["actors"]
    ]


ACTORS = Group(
    slug="pelaku",
    path="actors",
    title=N_("Pelaku inovasi"),
    lead=N_(
        "Lembaga yang ikut menjalankan inovasi ini. Yang dihitung adalah banyaknya unsur yang berbeda, bukan banyaknya"
        " lembaga. Bukti kerja sama tetap diunggah pada indikatornya."
    ),
    said=N_("Pelaku inovasi disimpan."),
    stored=_stored,
    typed=_typed,
    read=_read,
    shown=_shown,
    names=frozenset({"actors"}),
    list_of=LIST,
)
