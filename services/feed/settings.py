"""The variables that the feed declares."""

from __future__ import annotations

from shared.settings import Networks, ServiceSettings


class FeedSettings(ServiceSettings):
    """webhook_networks: addresses or networks, separated by commas, to which webhooks may be sent although they are not
    on the public internet; there also without TLS, and on any port."""

    webhook_networks: Networks = ""


SETTINGS = FeedSettings
