"""The variables that the feed declares."""

from __future__ import annotations

from pydantic import field_validator

from services.feed.endpoints.addresses import networks_of
from shared.settings import ServiceSettings


class FeedSettings(ServiceSettings):
    """webhook_networks: addresses or networks, separated by commas, to which webhooks may be sent although they are not
    on the public internet; there also without TLS, and on any port."""

    webhook_networks: str = ""

    @field_validator("webhook_networks")
    @classmethod
    def _readable(cls, text: str) -> str:
        try:
            networks_of(text)
        except ValueError as error:
            raise ValueError(f"must be networks such as 10.0.0.0/8, separated by commas: {error}") from None
        return text


SETTINGS = FeedSettings
