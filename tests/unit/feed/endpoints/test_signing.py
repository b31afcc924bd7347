from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from services.feed.endpoints.endpoint import Endpoint, Secret
from services.feed.endpoints.signing import new_secret, signed_headers, webhook_id
from shared.clock import machine_ms

BODY = '{"data":{"name":"Teman Séhat"}}'.encode()
HOUR = 3_600_000
NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)


def headers(*secrets: str, at: int | None = None) -> dict[str, str]:
    return signed_headers(secrets, webhook_id("innovation/1/2"), at or machine_ms() // 1000, BODY)


def endpoint(*secrets: Secret, now: int = 0) -> Endpoint:
    return Endpoint(
        created_by_body="f",
        url="https://a.example",
        region="61.12",
        secrets=secrets,
        since=NOW,
        changed_at=now,
        by="c",
        created_at=now,
    )


def test_a_secret_has_the_prefix_and_32_random_bytes() -> None:
    one, other = new_secret(), new_secret()
    assert one != other
    assert one.startswith("whsec_")
    assert len(base64.b64decode(one.removeprefix("whsec_"))) == 32


def test_the_public_library_accepts_what_we_sign() -> None:
    secret = new_secret()
    assert Webhook(secret).verify(BODY, headers(secret)) == {"data": {"name": "Teman Séhat"}}


def test_it_signs_as_the_public_library_does() -> None:
    secret = new_secret()
    ours = headers(secret, at=1_780_000_000)
    at = datetime.fromtimestamp(1_780_000_000, UTC)
    assert ours["webhook-signature"] == Webhook(secret).sign(ours["webhook-id"], at, BODY.decode())


def test_another_secret_body_id_or_time_is_refused() -> None:
    secret = new_secret()
    good = headers(secret)
    for key, body, spoiled in (
        (new_secret(), BODY, good),
        (secret, BODY + b" ", good),
        (secret, BODY, {**good, "webhook-id": "evt_x"}),
        (secret, BODY, headers(secret, at=int((datetime.now(UTC) - timedelta(hours=1)).timestamp()))),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(key).verify(body, spoiled)


def test_either_secret_is_accepted_for_24_hours_after_a_rotation() -> None:
    old, new = new_secret(), new_secret()
    rotated = endpoint(Secret(key=old)).rotated(new, 0)
    both = headers(*rotated.signing(24 * HOUR - 1))
    for secret in (old, new):
        Webhook(secret).verify(BODY, both)
    later = headers(*rotated.signing(24 * HOUR))
    Webhook(new).verify(BODY, later)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(BODY, later)


def test_rotating_often_keeps_the_three_newest_secrets() -> None:
    rotated = endpoint(Secret(key="1"))
    for key in ("2", "3", "4"):
        rotated = rotated.rotated(key, 0)
    assert rotated.signing(1) == ["4", "3", "2"]
    assert rotated.rotated("5", 25 * HOUR).secrets == (Secret(key="5"), Secret(key="4", until=49 * HOUR))


def test_the_id_of_an_event_is_the_same_for_ever() -> None:
    assert webhook_id("innovation/1/0001798708200123") == "evt_cfe5af3e-8ebc-55d4-992f-641b508b4947"
    assert webhook_id("innovation/1/0001798708200124") != webhook_id("innovation/1/0001798708200123")


def test_the_first_secret_is_shown_for_an_hour_and_never_after_a_rotation() -> None:
    made = endpoint(Secret(key="1"))
    assert made.first_secret(HOUR - 1) == "1"
    assert made.first_secret(HOUR) is None
    assert made.rotated("2", 0).first_secret(1) is None


def test_no_text_of_an_endpoint_shows_its_url_or_its_secrets() -> None:
    made = endpoint(Secret(key="whsec_hidden"))
    assert "hidden" not in repr(made)
    assert "a.example" not in repr(made)
