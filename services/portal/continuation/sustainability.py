"""What an innovation needs to survive a rotation of staff: team, decree, SOP, financing, successor."""

from __future__ import annotations

from services.portal.answered.continuation import Continuation
from services.portal.continuation import lines
from services.portal.continuation.entered import NAME, REFERENCE, SUBJECT, Entered, without_empty
from services.portal.continuation.group import Body, Group, ListOf, Row
from services.portal.pages.formats import day
from services.portal.pages.forms import Errors, Form
from services.portal.pages.language import N_, _

LIST = ListOf("team", ("name", "part", "leaves_on"), 50)
_PAPERS = ("decree", "sop")


def _stored(known: Continuation) -> Body:
    named = known.sustainability
    return {"team": [], **(named.model_dump(mode="json", exclude_none=True) if named else {})}


def _typed(body: Body) -> dict[str, str]:
    papers = {f"{name}.{part}": text for name in _PAPERS for part, text in body.get(name, {}).items()}
    plain: dict[str, str] = {name: body[name] for name in ("financing", "successor") if name in body}
    return {**dict(lines.numbered("team", body["team"])), **papers, **plain}


def _read(form: Form, errors: Errors, known: Continuation) -> Body:  # noqa: ARG001 - as `Group.read`
    entered = Entered(form, errors)
    team = []
    for number in range(len(lines.sent(form, LIST))):
        at = f"{LIST.name}.{number}"
        name, part = entered.line(f"{at}.name", NAME, missing=_("Isi nama orang.")), entered.line(f"{at}.part", SUBJECT)
        team.append(without_empty({"name": name, "part": part, "leaves_on": entered.day(f"{at}.leaves_on")}))
    body = {
        "team": team,
        **{name: _paper(entered, name) for name in _PAPERS},
        "financing": entered.line("financing", SUBJECT),
        "successor": entered.line("successor", NAME),
    }
    return without_empty(body)


def _paper(entered: Entered, name: str) -> Body | None:
    """Number and date; None when both are empty."""
    if not any(entered.form.text(f"{name}.{part}") for part in ("number", "dated")):
        return None
    number = entered.line(f"{name}.number", REFERENCE, missing=_("Isi nomornya."))
    return {"number": number, "dated": entered.day(f"{name}.dated", missing=_("Isi tanggalnya."))}


def _shown(body: Body) -> list[Row]:
    team = "\n".join(_member(each) for each in body["team"])
    rows = [
        (_("Tim"), team),
        (_("Surat keputusan tim"), _paper_in_words(body.get("decree"))),
        (_("SOP"), _paper_in_words(body.get("sop"))),
        (_("Pembiayaan"), body.get("financing", "")),
        (_("Penerus"), body.get("successor", "")),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def _member(each: Body) -> str:
    text = f"{each['name']} ({each['part']})" if "part" in each else each["name"]
    if "leaves_on" not in each:
        return text
    until = _("sampai %(day)s") % {"day": day(each["leaves_on"])}
    return f"{text}, {until}"


def _paper_in_words(paper: Body | None) -> str:
    return f"{paper['number']}, {day(paper['dated'])}" if paper else ""


SUSTAINABILITY = Group(
    slug="keberlanjutan",
    path="sustainability",
    title=N_("Keberlanjutan"),
    lead=N_(
        "Apa yang membuat inovasi ini tetap berjalan bila petugasnya berganti. Nama orang hanya dibaca perangkat daerah"
        " ini, kurator dan pimpinan daerah."
    ),
    said=N_("Keberlanjutan disimpan."),
    stored=_stored,
    typed=_typed,
    read=_read,
    shown=_shown,
    names=frozenset({"team", "financing", "successor"}),
    list_of=LIST,
)
