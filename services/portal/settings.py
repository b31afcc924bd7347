"""The variables that the portal declares: its public address, where the services are that it asks, its key, and the
server for the mails of accounts."""

from __future__ import annotations

from email.utils import parseaddr

from pydantic import SecretStr, field_validator

from shared.settings import ServiceSettings, Settings, WebUrl
from shared.smtp_url import parse


class PortalSettings(ServiceSettings):
    """portal_url: the public address of the pages, for links in mails, without a path; by default PUBLIC_URL. With
    https: cookies are sent over TLS alone. registry_url, scoring_url, notifications_url: where these services answer;
    by default at the address of this process. portal_key: the private key of its tokens in PEM; by default it is in
    `<data>/portal/`, where it is made. smtp_url, mail_from, mail_reply_to, mail_domain: as notifications has them;
    without a server for mails, links are shown to whoever invites. demo_path: of the demo's page, which signs its
    people in; only on loopback."""

    portal_url: WebUrl = ""
    registry_url: str = ""
    scoring_url: str = ""
    notifications_url: str = ""
    portal_key: SecretStr = SecretStr("")
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = ""
    mail_reply_to: str = ""
    mail_domain: str = ""
    demo_path: str = ""

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value():
            parse(url.get_secret_value())
        return url

    @property
    def message_domain(self) -> str:
        """Right of the @ in the ids of mails."""
        return self.mail_domain or parseaddr(self.mail_from)[1].rpartition("@")[2]

    @property
    def owners(self) -> dict[str, str]:
        """Where the services answer that are in other processes, by name; empty: in this one."""
        return {
            "registry": self.registry_url,
            "scoring": self.scoring_url,
            "notifications": self.notifications_url,
        }


SETTINGS = PortalSettings


def public_address(settings: Settings) -> str:
    """Where people open the pages, without a slash at its end; empty: not known. PUBLIC_URL is declared by
    notifications, and is not there in an image of the portal alone."""
    declared = next((getattr(each, "public_url", "") for each in settings.services if hasattr(each, "public_url")), "")
    return str(settings.of(PortalSettings).portal_url or declared).rstrip("/")
