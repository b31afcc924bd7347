"""A mail filled into its form is the mail that the templates make."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.messages.texts.details import Office
from services.notifications.messages.texts.form import Link, Mail, rendered, rendered_plainly
from services.notifications.messages.texts.samples import OFFICE, REGION, TODAY, samples
from services.notifications.messages.texts.statement import Statement
from services.notifications.messages.texts.statements import in_order

STATEMENTS = {name: in_order([details], REGION, TODAY)[0] for name, details in samples().items()}
VALUES = st.text(st.sampled_from("ab0<>&\"'{}% \n\\é…"), max_size=6)
OFFICES = st.builds(Office, name=VALUES, telephone=VALUES, reply_to=VALUES)


def with_values(statement: Statement, heading: str, paragraphs: list[str], fact: str) -> Statement:
    facts = tuple((label, fact) for label, _ in statement.facts)
    return replace(statement, heading=heading, paragraphs=tuple(paragraphs), facts=facts)


MAILS = st.builds(
    Mail,
    name=VALUES,
    region=VALUES,
    subject=VALUES,
    statements=st.lists(
        st.builds(with_values, st.sampled_from(list(STATEMENTS.values())), VALUES, st.lists(VALUES, max_size=2), VALUES)
        | st.sampled_from(list(STATEMENTS.values())),
        min_size=1,
        max_size=3,
    ),
    links=st.lists(st.builds(Link, VALUES, VALUES), max_size=2),
    office=OFFICES,
    note=VALUES,
)


@given(mail=MAILS)
def test_a_form_filled_in_is_what_the_templates_make(mail: Mail) -> None:
    assert rendered(mail) == rendered_plainly(mail)


def test_values_of_one_mail_never_show_in_the_next_of_its_form() -> None:
    # Given two mails of one form
    first = mail_to("Budi", STATEMENTS["duty before-14"])
    second = mail_to("Siti <b>", replace(STATEMENTS["duty before-14"], heading="Dinas A & B"))

    # When both are rendered
    rendered(first)
    text, html = rendered(second)

    # Then the second has only its own values
    assert "Budi" not in text + html
    assert "Siti <b>" in text
    assert "Siti &lt;b&gt;" in html
    assert "Dinas A &amp; B" in html


def test_a_value_with_the_mark_of_a_gap_is_rendered_as_it_is() -> None:
    mail = mail_to("Budi \x001\x00", STATEMENTS["duty before-14"])

    assert rendered(mail) == rendered_plainly(mail)


def mail_to(name: str, statement: Statement) -> Mail:
    return Mail(name, REGION.name, statement.subject, [statement], [Link("Buka", "https://a.example/")], OFFICE)
