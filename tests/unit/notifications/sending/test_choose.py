"""Channels by settings: what exists, and all flaws at once."""

from __future__ import annotations

import pytest

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.sending.choose import bounce_mailbox, channels, check, mail_domain
from services.notifications.settings import MailSettings
from shared.faults import Misconfigured
from shared.settings import load

MAIL = {"SMTP_URL": "smtp://localhost", "MAIL_FROM": "Satu <satu@kuburaya.example>"}
META = {
    "WHATSAPP_TOKEN": "t",
    "WHATSAPP_PHONE_NUMBER_ID": "123",
    "WHATSAPP_APP_SECRET": "s",
    "WHATSAPP_VERIFY_TOKEN": "v",
}
FONNTE = {"FONNTE_TOKEN": "f"}


def settings(*parts: dict[str, str], **more: str) -> MailSettings:
    environ: dict[str, str] = {}
    for part in parts:
        environ |= part
    return load(environ | more).of(MailSettings)


@pytest.mark.parametrize(
    ("parts", "drivers"),
    [
        ((), {}),
        ((MAIL,), {ChannelName.EMAIL: "smtp"}),
        ((META,), {ChannelName.WHATSAPP: "cloud-api"}),
        ((FONNTE,), {ChannelName.WHATSAPP: "fonnte"}),
        ((MAIL, META), {ChannelName.EMAIL: "smtp", ChannelName.WHATSAPP: "cloud-api"}),
        ((MAIL, META, {"CHANNEL": "log"}), {}),
        ((MAIL, FONNTE, {"CHANNEL": "email"}), {ChannelName.EMAIL: "smtp", ChannelName.WHATSAPP: "fonnte"}),
    ],
)
def test_a_channel_exists_when_its_variables_are_set(
    parts: tuple[dict[str, str], ...], drivers: dict[ChannelName, str]
) -> None:
    assert {name: channel.driver for name, channel in channels(settings(*parts)).items()} == drivers


@pytest.mark.parametrize(
    ("parts", "flawed"),
    [
        (({"CHANNEL": "email"},), {"SMTP_URL", "MAIL_FROM"}),
        (({"SMTP_URL": "smtp://localhost"},), {"MAIL_FROM"}),
        ((MAIL, {"MAIL_FROM": "nobody", "MAIL_REPLY_TO": "x", "MAIL_DOMAIN": "-.-"}),
         {"MAIL_FROM", "MAIL_REPLY_TO", "MAIL_DOMAIN"}),
        (({"WHATSAPP_TOKEN": "t"},),
         {"WHATSAPP_PHONE_NUMBER_ID", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"}),
        (({"WHATSAPP_VERIFY_TOKEN": "t"},),
         {"WHATSAPP_PHONE_NUMBER_ID", "WHATSAPP_APP_SECRET", "WHATSAPP_TOKEN"}),
        ((META, FONNTE), {"FONNTE_TOKEN"}),
        ((META, {"WHATSAPP_PHONE_NUMBER_ID": "+62812"}), {"WHATSAPP_PHONE_NUMBER_ID"}),
        ((META, {"WHATSAPP_URL": "http://graph.example"}), {"WHATSAPP_URL"}),
        ((FONNTE, {"FONNTE_URL": "ftp://x"}), {"FONNTE_URL"}),
        ((MAIL, {"BOUNCE_IMAP_URL": "imap://a:b@mail.example"}), {"BOUNCE_IMAP_URL"}),
        (({"CHANNEL": "email", "WHATSAPP_TOKEN": "t", "BOUNCE_IMAP_URL": "x"},),
         {"SMTP_URL", "MAIL_FROM", "WHATSAPP_PHONE_NUMBER_ID", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN",
          "BOUNCE_IMAP_URL"}),
    ],
)  # fmt: skip
def test_all_flaws_are_told_at_once(parts: tuple[dict[str, str], ...], flawed: set[str]) -> None:
    with pytest.raises(Misconfigured) as refusal:
        check(settings(*parts))
    assert {flaw.field for flaw in refusal.value.flaws} == flawed


@pytest.mark.parametrize("domain", ["kubu raya.example", "x\r\nBcc: y@z.example", "-.-", "<x>"])
def test_an_invalid_mail_domain_is_reported(domain: str) -> None:
    with pytest.raises(Misconfigured, match="MAIL_DOMAIN"):
        channels(settings(MAIL, MAIL_DOMAIN=domain))


def test_the_mailbox_of_bounces_is_read_only_where_e_mail_is_sent() -> None:
    url = {"BOUNCE_IMAP_URL": "imaps://a:b@mail.example/Pantulan"}
    found = bounce_mailbox(settings(MAIL, url))
    assert found is not None
    assert (found.host, found.folder) == ("mail.example", "Pantulan")
    assert bounce_mailbox(settings(MAIL)) is None
    assert bounce_mailbox(settings(url)) is None
    assert bounce_mailbox(settings(MAIL, url, {"CHANNEL": "log"})) is None


def test_the_domain_of_message_ids_is_that_of_the_sender_unless_said_otherwise() -> None:
    assert mail_domain(settings(MAIL)) == "kuburaya.example"
    assert mail_domain(settings(MAIL, MAIL_DOMAIN="inovasi.example")) == "inovasi.example"
    assert mail_domain(settings()) == ""
