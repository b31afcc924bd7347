"""The variables that notifications declares: its channels, the public address, and who notices when nobody is told."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from shared.settings import ServiceSettings, WebUrl, is_loopback


class MailSettings(ServiceSettings):
    """A channel exists when its variables are set.

    channel: `log`: no channel at all, whatever else is set; `email`: e-mail must be configured; empty: what is set.

    E-mail. smtp_url: `smtp://host:port` without TLS (with `user:password@` only on this machine), `starttls://`
    requires it after the greeting, `smtps://` from the first byte; mail_from: `Name <address>` or an address;
    mail_reply_to: the address of a person at the curator's office; mail_domain: of Message-IDs, by default that of
    mail_from; bounce_imap_url: `imap(s)://user:password@host[:port]/folder`, the mailbox that mail_from's bounces come
    back to.

    WhatsApp Cloud API: whatsapp_token, whatsapp_phone_number_id, whatsapp_app_secret (signs webhooks) and
    whatsapp_verify_token (of the webhook's registration), all four; whatsapp_url: the provider's address. Fonnte:
    fonnte_token; fonnte_url: the provider's address. Only one of the two.

    public_url: where readers open this system, without a path; needed in live mode. heartbeat_url: called at most once
    a minute while reminders and sending work. body_retention_days: how long the texts of messages are kept as proof, 0:
    not at all; contact_retention_days: after the last day on which a contact was valid it is erased, 0: never by
    itself; contact_table_retention_days: how long imports of contacts and their reports are kept.
    """

    channel: Literal["", "email", "log"] = ""
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = ""
    mail_reply_to: str = ""
    mail_domain: str = ""
    bounce_imap_url: SecretStr = SecretStr("")
    whatsapp_token: SecretStr = SecretStr("")
    whatsapp_phone_number_id: str = ""
    whatsapp_app_secret: SecretStr = SecretStr("")
    whatsapp_verify_token: SecretStr = SecretStr("")
    whatsapp_url: str = ""
    fonnte_token: SecretStr = SecretStr("")
    fonnte_url: str = ""
    public_url: WebUrl = ""
    heartbeat_url: WebUrl = ""
    body_retention_days: int = Field(default=7, ge=0, le=90)
    contact_retention_days: int = Field(default=365, ge=0, le=3650)
    contact_table_retention_days: int = Field(default=7, ge=1, le=90)

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, url: SecretStr) -> SecretStr:
        parts = urlsplit(url.get_secret_value())
        if url.get_secret_value() and (parts.scheme not in {"smtp", "starttls", "smtps"} or not parts.hostname):
            raise ValueError("must be smtp://host:port, starttls://host:port or smtps://host:port")
        if parts.scheme == "smtp" and parts.username is not None and not is_loopback(parts.hostname):
            raise ValueError("must be starttls:// or smtps://: a login is not sent over a network without TLS")
        return url

    @field_validator("public_url")
    @classmethod
    def _public(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.path.strip("/") or parts.query or parts.fragment or not parts.hostname):
            raise ValueError("must be an address without a path, such as https://inovasi.kuburaya.example")
        return url.rstrip("/")


SETTINGS = MailSettings
