"""The variables that notifications declares: its channels and their providers."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator

from shared.settings import ServiceSettings, is_loopback


class MailSettings(ServiceSettings):
    """channel: `log` sends nothing, whatever else is set; smtp_url: `smtp://host:port` without TLS (with
    `user:password@` only on this machine), `starttls://` requires it after the greeting, `smtps://` from the first
    byte; mail_from: `Name <address>` or an address; mail_reply_to: the address of a person at the curator's office;
    mail_domain: of Message-IDs, by default that of mail_from; bounce_imap_url: the mailbox that bounces return to,
    `imap(s)://user:password@host[:port]/folder`; whatsapp_…: of the Cloud API; fonnte_token: of Fonnte instead;
    whatsapp_url, fonnte_url: their addresses, for tests and the demonstration."""

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

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, url: SecretStr) -> SecretStr:
        parts = urlsplit(url.get_secret_value())
        if url.get_secret_value() and (parts.scheme not in {"smtp", "starttls", "smtps"} or not parts.hostname):
            raise ValueError("must be smtp://host:port, starttls://host:port or smtps://host:port")
        if parts.scheme == "smtp" and parts.username is not None and not is_loopback(parts.hostname):
            raise ValueError("must be starttls:// or smtps://: a login is not sent over a network without TLS")
        return url


SETTINGS = MailSettings
