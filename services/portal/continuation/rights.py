"""The intellectual property of an innovation."""

from __future__ import annotations

from datetime import date

from services.portal.answered.continuation import Continuation
from services.portal.continuation import lines, words
from services.portal.continuation.entered import NAME, REFERENCE, Entered, without_empty
from services.portal.continuation.group import Body, Group, ListOf, Row
from services.portal.pages.formats import day
from services.portal.pages.forms import Errors, Form
from services.portal.pages.language import N_, _

LIST = ListOf("rights", ("kind", "number", "dated", "holder", "published_on", "author_died_on", "expires_on"), 20)
_LAST_EXPIRY = date(2300, 12, 31).isoformat()


def _stored(known: Continuation) -> Body:
    entered = set(LIST.fields)
    return {"rights": [each.model_dump(mode="json", exclude_none=True, include=entered) for each in known.rights]}


def _typed(body: Body) -> dict[str, str]:
    return dict(lines.numbered("rights", body["rights"]))


def _read(form: Form, errors: Errors, known: Continuation) -> Body:  # noqa: ARG001 - as `Group.read`
    count = len(lines.sent(form, LIST))
    return {"rights": [_right(Entered(form, errors), errors, f"{LIST.name}.{number}") for number in range(count)]}


def _right(entered: Entered, errors: Errors, at: str) -> Body:
    right = {
        "kind": entered.one(f"{at}.kind", list(words.RIGHTS), missing=_("Pilih jenisnya.")),
        "number": entered.line(f"{at}.number", REFERENCE, missing=_("Isi nomor sertifikat.")),
        "dated": entered.day(f"{at}.dated", missing=_("Isi tanggal sertifikat.")),
        "holder": entered.line(f"{at}.holder", NAME, missing=_("Isi pemegangnya.")),
        "published_on": entered.day(f"{at}.published_on"),
        "author_died_on": entered.day(f"{at}.author_died_on"),
        "expires_on": entered.day(f"{at}.expires_on", last=_LAST_EXPIRY),
    }
    dated, until = right["dated"], right["expires_on"]
    if dated is not None and until is not None and until < dated:
        errors[f"{at}.expires_on"] = _("Pelindungan tidak dapat berakhir sebelum tanggal sertifikat.")
    return without_empty(right)


def _shown(body: Body) -> list[Row]:
    return [
        {
            "key": words.word(words.RIGHTS, each["kind"]),
            "value": "; ".join(_facts(each)),
        }
        for each in body["rights"]
    ]


def _facts(each: Body) -> list[str]:
    days = (
        ("published_on", N_("diumumkan %(day)s")),
        ("author_died_on", N_("pencipta wafat %(day)s")),
        ("expires_on", N_("berakhir %(day)s")),
    )
    told = [_(text) % {"day": day(each[name])} for name, text in days if name in each]
    return [f"{each['number']}, {day(each['dated'])}", each["holder"], *told]


RIGHTS = Group(
    slug="kekayaan-intelektual",
    path="rights",
    title=N_("Kekayaan intelektual"),
    lead=N_(
        "Sertifikat yang dimiliki. Bila hari terakhir pelindungannya diketahui, perangkat daerah diingatkan 180 hari"
        " sebelumnya. Berkas sertifikat diunggah pada dokumen profil."
    ),
    said=N_("Kekayaan intelektual disimpan."),
    stored=_stored,
    typed=_typed,
    read=_read,
    shown=_shown,
    names=frozenset({"rights"}),
    list_of=LIST,
)
