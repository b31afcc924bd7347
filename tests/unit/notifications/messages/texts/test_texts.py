"""Properties of every text, whatever it is about."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.rendering import LONGEST_SUBJECT
from services.notifications.messages.texts.check import check_templates, preview, variable_fault
from services.notifications.messages.texts.details import AlertDetails, ContactDetails, DutyDetails, InnovationDetails
from services.notifications.messages.texts.samples import DEADLINE, OFFICE, TODAY, samples
from shared.contracts.vocabulary import ReasonKind
from tests.unit.notifications.messages.texts.sample_messages import SampleMessage, sample_messages

WHATS = {
    ReasonKind.DUTY: {
        *("before-60", "before-30", "before-14", "before-7", "before-1"),
        *("overdue", "overdue-8", "overdue-15", "overdue-22", "overdue-29", "opened-again"),
        "on-request",
    },
    ReasonKind.INNOVATION: {"returned", "verified", "scored"},
    ReasonKind.CONTACT: {"confirm", "unreachable"},
    ReasonKind.DEADLINE: {"moved", "cancelled", "registry-behind"},
    ReasonKind.REPORT: {"weekly"},
    ReasonKind.ENDPOINT: {"endpoint-disabled"},
    ReasonKind.QUESTION: {
        *("follow-up", "follow-up-lapsed", "right-ends", "staff-leaves"),
        *("withdrawal-asked", "withdrawal-declined", "withdrawn"),
    },
    ReasonKind.IDEA: {"ideas-received", "idea-handed-over"},
}
ENGLISH = re.compile(
    r"\b(the|and|your|deadline|overdue|reminder|message|agency|returned|verified|scored|unknown|none|null|true|false"
    r"|submitted|draft|score|link|email|open|late)\b",
    re.IGNORECASE,
)
THREATS = re.compile(
    r"\b(sanksi|hukuman|wajib segera|harus segera|peringatan keras|pelanggaran|teguran)\b", re.IGNORECASE
)
ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
MESSAGES = sample_messages()
SAMPLES = sorted({each.sample for each in MESSAGES})


def messages_of(sample: str, template: str = "") -> list[SampleMessage]:
    """Every form of a sample; with a template only the e-mails, or with another word only the others."""
    found = [each for each in MESSAGES if each.sample == sample]
    return [each for each in found if not template or (each.message.template == "email") == (template == "email")]


class Page(HTMLParser):
    """Keeps what an accessible page needs to have."""

    void = frozenset({"meta", "br", "img", "link"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str] = []
        self.links: list[str] = []
        self.lang = ""
        self.words = ""
        self.broken = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "html":
            self.lang = values.get("lang") or ""
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(tag)
        if tag == "a":
            self.links.append(values.get("href") or "")
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.broken |= not self.open or self.open.pop() != tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data


def words_of(text: str) -> str:
    """The text without addresses and numbers of innovations."""
    return re.sub(r"https?://\S+|\S+@\S+|inovasi-\d+", "", text)


def test_there_is_a_sample_for_every_reason() -> None:
    found: dict[ReasonKind, set[str]] = {kind: set() for kind in ReasonKind}
    for details in samples().values():
        found[details.alert.reason.kind].add(details.alert.reason.what)

    assert found == WHATS


def test_the_templates_pass_the_check_at_start() -> None:
    check_templates()


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_text_is_finished_indonesian_that_reports(sample: str) -> None:
    for case in messages_of(sample):
        message = case.message
        for text in (message.subject, message.text, Page(message.html).words):
            assert not re.search(r"[{}]", text), case.name
            assert not ISO_DATE.search(text), case.name
            assert not ENGLISH.search(words_of(text)), (case.name, ENGLISH.search(words_of(text)))
            assert not THREATS.search(text), case.name
        assert message.text.strip(), case.name
        assert "\n\n\n" not in message.text, case.name
        assert message.subject, case.name
        assert len(message.subject) <= LONGEST_SUBJECT, case.name
        assert message.subject.isprintable(), case.name
        assert message.stamp.startswith(f"{message.template}@"), case.name


@pytest.mark.parametrize("sample", SAMPLES)
def test_an_html_part_is_accessible_and_says_what_the_text_says(sample: str) -> None:
    for case in messages_of(sample, "email"):
        page = Page(case.message.html)
        assert not page.broken, case.name
        assert page.open == [], case.name
        assert page.lang == "id", case.name
        assert page.headings[0] == "h1", case.name
        assert page.headings.count("h1") == 1, case.name
        assert "<img" not in case.message.html, case.name
        assert all(link.startswith("https://") for link in page.links), case.name
        flat = " ".join(page.words.split())
        for line in case.message.text.splitlines():
            if line and line[0] not in "-(" and not line.startswith(("Ada ", "Pastikan", "Buka")):
                assert " ".join(line.split()) in flat, case.name


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_whatsapp_message_keeps_the_providers_limits_and_names_no_person(sample: str) -> None:
    for case in messages_of(sample, "whatsapp"):
        assert variable_fault(case.message) is None, case.name
        assert case.message.language == "id", case.name
        assert all(value in case.message.text for value in case.message.variables), case.name
        assert "Nama Penerima" not in case.message.text, case.name


@pytest.mark.parametrize("channel", ChannelName)
def test_a_link_leads_to_the_public_url_and_there_is_none_without_one(channel: ChannelName) -> None:
    confirm = [samples()["contact confirm"]]

    with_link = preview(confirm, channel)
    without = preview(confirm, channel, office=replace(OFFICE, public_url=""))

    assert with_link.link == "https://inovasi.kuburaya.example/notifications/v1/confirm/contoh"
    assert with_link.link in with_link.text
    assert without.link == ""
    assert "http" not in without.text + without.html
    assert "tautan" not in without.text


def test_a_fallback_says_so_on_both_channels() -> None:
    details = [samples()["duty before-14"]]

    mail = preview(details, ChannelName.EMAIL, after=ChannelName.WHATSAPP)
    chat = preview(details, ChannelName.WHATSAPP, after=ChannelName.EMAIL)

    assert "Pesan ini juga dikirim lewat WhatsApp" in mail.text
    assert "Pesan ini juga dikirim lewat WhatsApp" in mail.html
    assert "Pesan ini juga dikirim lewat surel" in chat.text


def test_the_most_urgent_reason_comes_first_and_is_the_subject() -> None:
    names = ("report weekly", "innovation verified", "duty before-30", "duty today", "duty overdue", "deadline moved")
    given = [samples()[name] for name in names]

    message = preview(given, ChannelName.EMAIL)

    whats = [alert.reason.what for alert in message.alerts]
    assert whats == ["before-1", "overdue", "moved", "before-30", "weekly", "verified"]
    assert message.subject == "Pengingat: tenggat inovasi 2026 Dinas Kesehatan hari ini dan 5 pemberitahuan lain"


def test_of_two_duties_the_nearest_deadline_comes_first() -> None:
    far, near = samples()["duty before-30"], samples()["duty before-7"]

    message = preview([far, near], ChannelName.WHATSAPP)

    assert [alert.reason.what for alert in message.alerts] == ["before-7", "before-30"]
    assert "Ada 1 pemberitahuan lain" in message.text


def test_a_duty_counts_the_days_from_today_whatever_its_stage_is_called() -> None:
    late = replace(duty("before-30"), deadline=TODAY + timedelta(days=12))

    assert "Tersisa 12 hari sampai tenggat." in preview([late], ChannelName.EMAIL).text


def test_an_overdue_duty_says_how_to_submit_late() -> None:
    text = preview([duty("overdue")], ChannelName.EMAIL).text

    assert "masih dapat disampaikan" in text
    assert "pilih 2026 sebagai tahun kewajiban" in text


def test_a_returned_innovation_names_where_the_notes_are() -> None:
    text = preview([samples()["innovation returned"]], ChannelName.EMAIL).text

    assert "Catatan perbaikannya dapat dibaca pada inovasi tersebut di Satu Inovasi" in text
    assert "3 Desember 2026" in text


def test_a_moved_deadline_names_both_dates_and_the_decree() -> None:
    for channel in ChannelName:
        text = preview([samples()["deadline moved"]], channel).text
        assert "dari 3 Desember 2026 menjadi 17 Desember 2026" in text
        assert "400.10.11/1887/2026" in text


def test_an_unreachable_contact_is_masked() -> None:
    text = preview([samples()["contact unreachable"]], ChannelName.EMAIL).text

    assert "b•••@dinas.example" in text
    assert "alamat surel tidak dikenal" in text


HOSTILE = st.text(alphabet=st.sampled_from([*"ab <>&\"'{}%*_=?\r\n\t\x00\u2028\u202e", "é", "字"]), max_size=300).map(
    lambda text: f"=?utf-8?q?x?= <b>{text}</b>\r\nBcc: a@b.example"
)


@settings(max_examples=60, deadline=None)
@given(name=HOSTILE, innovation=HOSTILE, path=HOSTILE)
def test_no_value_breaks_a_header_a_page_or_a_variable(name: str, innovation: str, path: str) -> None:
    hostile: list[AlertDetails] = [
        replace(duty("opened-again"), agency=name, innovation=innovation, basis=name),
        replace(innovation_details(), name=innovation, agency=name),
        replace(contact_details(), agencies=(name, innovation), masked=path),
    ]

    for details in hostile:
        mail = preview([details], ChannelName.EMAIL)
        chat = preview([details], ChannelName.WHATSAPP)
        page = Page(mail.html)
        assert mail.subject.isprintable()
        assert len(mail.subject) <= LONGEST_SUBJECT
        assert "=?" not in mail.subject
        assert not page.broken
        assert "<b>" not in mail.html
        assert not any(line.startswith("Bcc:") for line in mail.text.splitlines())
        assert variable_fault(chat) is None


def duty(what: str) -> DutyDetails:
    found = samples()[f"duty {what}" if what != "opened-again" else "duty opened-again returned"]
    assert isinstance(found, DutyDetails)
    return replace(found, deadline=DEADLINE) if what != "overdue" else found


def innovation_details() -> InnovationDetails:
    found = samples()["innovation returned"]
    assert isinstance(found, InnovationDetails)
    return found


def contact_details() -> ContactDetails:
    found = samples()["contact unreachable"]
    assert isinstance(found, ContactDetails)
    return found
