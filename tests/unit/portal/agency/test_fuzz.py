"""Whatever a form sends, the portal reads it or says what is wrong: it never fails."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from services.portal.agency.contacts.contact import Notice
from services.portal.agency.contacts.contact import read as read_contact
from services.portal.agency.evidence.claim import read_claim
from services.portal.agency.innovation.follow_up import reply_of
from services.portal.agency.profile.reading import form_of, read_step
from services.portal.agency.profile.steps import STEPS
from services.portal.answered.evidence import Evidence
from services.portal.pages.forms import Errors, Form
from tests.unit.portal.agency.test_claim import CATALOGUE

_NAMES = sorted(
    {each.input for step in STEPS for each in step.questions}
    | {f"coordinates.{part}" for part in ("latitude", "longitude")}
    | {f"{name}.{part}" for name in ("award", "intellectual_property") for part in ("number", "dated")}
    | {f"figures.{n}.{part}" for n in range(3) for part in ("label", "value", "unit")}
    | {"level", "value", "basis", "number", "dated", "subject", "links", "role", "email", "phone", "valid_from", "use"}
)
_TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["1.234,5", "-0,0263", "1e999", "²", "٣-١٢-٢٠٢٦", "31-12-2026", "0000-00-00", "a", "3"]),
    st.text("0123456789.,-/", max_size=12),
)
_FORMS = st.lists(st.tuples(st.sampled_from(_NAMES), _TEXTS), max_size=25).map(Form)


@given(form=_FORMS)
def test_any_form_of_a_step_is_read(form: Form) -> None:
    for step in STEPS:
        values, flaws = read_step(step, form)
        json.dumps(values, allow_nan=False)
        assert {*values, *(each.field.removeprefix("profile.") for each in flaws)} == step.names
        form_of(step, values)


@given(form=_FORMS)
def test_any_form_of_an_indicator_is_read(form: Form) -> None:
    for indicator in CATALOGUE.indicators:
        claim, _flaws = read_claim(indicator, form, Evidence())
        json.dumps(claim, allow_nan=False)


@given(form=_FORMS)
def test_any_form_of_a_contact_and_of_an_answer_is_read(form: Form) -> None:
    notice = Notice(version="1", text="…", whatsapp_version="1", whatsapp_text="…")
    body = read_contact(form, Errors(), region="61.12", agencies=("a",), notice=notice, before=None)
    json.dumps([body, reply_of(form, Errors())], allow_nan=False)
