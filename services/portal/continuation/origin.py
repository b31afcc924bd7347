"""Where an innovation comes from: an own idea, the community, a training project, another region's innovation."""

from __future__ import annotations

import re

from services.portal.answered.continuation import Continuation
from services.portal.continuation import words
from services.portal.continuation.entered import NAME, REMARK, Entered, without_empty
from services.portal.continuation.group import Body, Group, Row
from services.portal.pages.formats import day
from services.portal.pages.forms import Errors, Form
from services.portal.pages.language import N_, _
from shared.contracts.continuation import OriginKind

_REGION = re.compile(r"[0-9]{2}(\.[0-9]{2})?")
_ID = re.compile(r"(?:.*/)?([0-9a-zA-Z-]{1,64})/?")  # alone, or at the end of the address of its page


def _stored(known: Continuation) -> Body:
    return known.origin.model_dump(mode="json", exclude_none=True) if known.origin else {}


def _typed(body: Body) -> dict[str, str]:
    replicated = {f"replicated.{name}": text for name, text in body.get("replicated", {}).items()}
    plain = ("kind", "training", "decision", "decided_on", "reason")
    agency = {"opd": body["fostering_agency"]} if "fostering_agency" in body else {}
    return {**{name: body[name] for name in plain if name in body}, **replicated, **agency}


def _read(form: Form, errors: Errors, known: Continuation) -> Body:
    entered = Entered(form, errors)
    kind = entered.one("kind", list(OriginKind), missing=_("Pilih asal inovasi ini."))
    body: Body = {"kind": kind}
    if kind == OriginKind.COMMUNITY:
        before = known.origin if known.origin and known.origin.kind is OriginKind.COMMUNITY else None
        body["fostering_agency"] = form.text("opd") or known.agency
        body["idea"] = before.idea if before else None
    elif kind == OriginKind.TRAINING:
        body |= _training(entered, errors)
    elif kind == OriginKind.REPLICATION:
        body["replicated"] = _replicated(entered, errors)
    return without_empty(body)


def _training(entered: Entered, errors: Errors) -> Body:
    training = entered.one("training", list(words.TRAININGS), missing=_("Pilih pelatihannya."))
    decision = entered.form.text("decision")
    if decision not in words.DECISIONS:
        return {"training": training}
    decided_on = entered.day("decided_on", missing=_("Isi tanggal keputusan."))
    reason = entered.prose("reason", REMARK)
    if decision == "stop" and reason is None and "reason" not in errors:
        errors["reason"] = _("Isi alasan proyek ini dihentikan.")
    return {"training": training, "decision": decision, "decided_on": decided_on, "reason": reason}


def _replicated(entered: Entered, errors: Errors) -> Body:
    body = {
        "region_name": entered.line("replicated.region_name", NAME, missing=_("Isi nama daerah asal.")),
        "name": entered.line("replicated.name", NAME, missing=_("Isi nama inovasi yang direplikasi.")),
    }
    for name, pattern, why in (
        ("region", _REGION, N_("Tulis kode wilayah seperti 61.12.")),
        ("innovation", _ID, N_("Salin alamat halaman inovasi itu di Satu Inovasi.")),
    ):
        text = entered.form.text(f"replicated.{name}")
        found = pattern.fullmatch(text)
        if text and found is None:
            errors[f"replicated.{name}"] = _(why)
        elif found is not None:
            body[name] = found[1] if pattern is _ID else found[0]
    return without_empty(body)


def _shown(body: Body) -> list[Row]:
    if not body:
        return []
    rows = [(_("Asal"), words.word(words.ORIGINS, body["kind"]))]
    if "training" in body:
        decision = words.word(words.DECISIONS, body["decision"]) if "decision" in body else _(words.UNDECIDED)
        rows += [(_("Pelatihan"), words.word(words.TRAININGS, body["training"])), (_("Keputusan"), decision)]
    if "decided_on" in body:
        rows.append((_("Tanggal keputusan"), day(body["decided_on"])))
    if "reason" in body:
        rows.append((_("Alasan"), body["reason"]))
    if replicated := body.get("replicated"):
        rows += [(_("Daerah asal"), replicated["region_name"]), (_("Inovasi asal"), replicated["name"])]
    return [{"key": key, "value": value} for key, value in rows]


ORIGIN = Group(
    slug="asal",
    path="origin",
    title=N_("Asal inovasi"),
    lead=N_("Dari mana gagasan inovasi ini datang. Isian ini tidak mengubah skor."),
    said=N_("Asal inovasi disimpan."),
    stored=_stored,
    typed=_typed,
    read=_read,
    shown=_shown,
    names=frozenset({"kind", "training", "decision", "decided_on", "reason"}),
    names_agency=lambda form: form.text("kind") == OriginKind.COMMUNITY,
)
