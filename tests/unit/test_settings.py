from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from services.notifications.settings import MailSettings
from shared.faults import Misconfigured
from shared.settings import ServiceSettings, Settings, load, service_models, shown, without_password


def flaws(environ: dict[str, str]) -> dict[str, str]:
    with pytest.raises(Misconfigured) as caught:
        load(environ)
    return {flaw.field: flaw.message for flaw in caught.value.flaws}


def test_without_any_variable_everything_is_embedded_below_the_data_folder(tmp_path: Path) -> None:
    settings = load({"DATA_DIR": str(tmp_path)})

    assert settings.store_of("scoring") == f"sqlite:///{tmp_path}"
    assert settings.bus_of("scoring") == f"sqlite:///{tmp_path}/bus.sqlite"
    assert settings.files_of("scoring") == f"file://{tmp_path}/files"
    assert settings.keys == tmp_path / "access"


def test_a_url_may_name_the_service() -> None:
    settings = load({"STORE_URL": "mongodb://{service}:x@mongo/{service}", "BUS_URL": "amqp://{service}:y@rabbit/"})

    assert settings.store_of("registry") == "mongodb://registry:x@mongo/registry"
    assert settings.bus_of("scoring") == "amqp://scoring:y@rabbit/"
    assert settings.files_of("registry") == "gridfs:"


def test_a_secret_comes_from_its_file_without_the_line_end(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("amqp://u:p@rabbit/\n")

    assert load({"BUS_URL_FILE": str(tmp_path / "url")}).bus_url == "amqp://u:p@rabbit/"


def test_all_errors_are_reported_at_once_by_variable_and_without_the_value(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")

    found = flaws(
        {
            "PORT": "much",
            "STORE_URL": "postgres://user:hunter2@host/db",
            "BUS_URL_FILE": str(tmp_path / "nowhere"),
            "SMTP_URL": "http://user:hunter3@mail.example",
            "CHANNEL": "pigeon",
            "BUSINESS_TIME": "2025-12-01T09:00:00",
            "OIDC_ISSUER": "https://issuer.example",
            "LOG_LEVEL": "loud",
            "MAIL_FROM": "a@b.example",
            "MAIL_FROM_FILE": str(tmp_path / "empty"),
            "MAIL_DOMAIN_FILE": str(tmp_path / "empty"),
        }
    )

    assert set(found) == {
        *("PORT", "STORE_URL", "BUS_URL_FILE", "SMTP_URL", "CHANNEL", "BUSINESS_TIME", "LOG_LEVEL"),
        *("MAIL_FROM_FILE", "MAIL_DOMAIN_FILE", "OIDC_AUDIENCE"),
    }
    assert found["BUS_URL_FILE"].endswith("No such file or directory")
    assert found["MAIL_FROM_FILE"] == "MAIL_FROM is set too; set only one of them"
    assert "sqlite: or mongodb:" in found["STORE_URL"]
    assert "hunter" not in str(found)


def refusals(environ: dict[str, str]) -> dict[str, str]:
    """As `flaws`; empty when the settings are accepted."""
    try:
        load(environ)
    except Misconfigured:
        return flaws(environ)
    return {}


def test_oidc_needs_an_audience() -> None:
    assert list(flaws({"OIDC_ISSUER": "https://issuer.example"})) == ["OIDC_AUDIENCE"]


def test_only_load_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PORT": "7777", "STORE_URL": "mongodb://elsewhere/x", "SMTP_URL": "smtp://elsewhere"}.items():
        monkeypatch.setenv(name, value)

    assert (Settings().port, Settings().store_url) == (8000, "")
    assert MailSettings().smtp_url.get_secret_value() == ""
    assert (load({}).port, load({}).of(MailSettings)) == (8000, MailSettings())
    assert (load().port, load().store_url) == (7777, "mongodb://elsewhere/x")
    assert load().of(MailSettings).smtp_url.get_secret_value() == "smtp://elsewhere"


def test_a_setting_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Misconfigured):
        load({}, prot=1)


def test_what_is_given_replaces_the_environment() -> None:
    assert load({"PORT": "1"}, port=2).port == 2


@pytest.mark.parametrize("url", ["smtp://mail.example", "starttls://u:p@mail.example:587", "smtps://mail.example"])
def test_mail_servers_may_be_reached_in_three_ways(url: str) -> None:
    assert load({"SMTP_URL": url}).of(MailSettings).smtp_url.get_secret_value() == url


@pytest.mark.parametrize(("host", "refused"), [("mail.example", True), ("127.0.0.1:2525", False), ("[::1]", False)])
def test_a_login_to_a_mail_server_is_sent_over_a_network_only_with_tls(host: str, refused: bool) -> None:
    found = refusals({"SMTP_URL": f"smtp://me:hunter2@{host}"})

    assert list(found) == (["SMTP_URL"] if refused else [])
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    ("variables", "refused"),
    [
        ({"OIDC_ISSUER": "http://login.example", "OIDC_AUDIENCE": "satu"}, ["OIDC_ISSUER"]),
        ({"OIDC_ISSUER": "http://127.0.0.1:8080/realms/x", "OIDC_AUDIENCE": "satu"}, []),
        ({"OIDC_ISSUER": "https://login.example", "OIDC_AUDIENCE": "satu"}, []),
        ({"ADMIN_ADDRESS": ":9100"}, []),
        ({"ADMIN_ADDRESS": "[::1]:0"}, []),
        ({"ADMIN_ADDRESS": "9100"}, ["ADMIN_ADDRESS"]),
        ({"ADMIN_ADDRESS": "http://127.0.0.1:9100"}, ["ADMIN_ADDRESS"]),
        ({"ADMIN_ADDRESS": "127.0.0.1:99999"}, ["ADMIN_ADDRESS"]),
        ({"TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1"}, []),
        ({"TRUSTED_PROXIES": "proxy"}, ["TRUSTED_PROXIES"]),
    ],
    ids=str,
)
def test_an_address_that_is_not_safe_or_not_readable_is_refused(variables: dict[str, str], refused: list[str]) -> None:
    assert list(refusals(variables)) == refused


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, ("127.0.0.1", 9100)),
        ({"PORT": "0"}, ("127.0.0.1", 0)),
        ({"ADMIN_ADDRESS": ":9100", "PORT": "0"}, ("0.0.0.0", 9100)),
        ({"ADMIN_ADDRESS": "[::1]:9200"}, ("::1", 9200)),
    ],
    ids=str,
)
def test_operators_have_an_address_of_their_own(variables: dict[str, str], expected: tuple[str, int]) -> None:
    assert load(variables).admin == expected


def test_settings_are_shown_with_their_secrets_masked() -> None:
    settings = load(
        {"STORE_URL": "mongodb://registry:hunter2@mongo/registry", "SMTP_URL": "starttls://me:hunter2@mail.example:25"}
    )

    assert shown(settings)["STORE_URL"] == "mongodb://registry:***@mongo/registry"
    assert shown(settings)["SMTP_URL"] == "starttls://me:***@mail.example:25"
    assert "hunter2" not in repr(settings) + str(shown(settings))


SHARED = {"smtp_url", "mail_from", "mail_reply_to", "mail_domain"}
"""Declared alike by notifications and by the portal, which both send mails, and of which an image may hold only one."""


def test_no_variable_is_declared_twice_but_those_of_the_server_for_mails() -> None:
    models = (Settings, *service_models())
    declared = [(name, field) for model in models for name, field in model.model_fields.items()]
    twice = {name for name, count in Counter(name for name, _ in declared).items() if count > 1}

    assert twice == SHARED
    for shared in SHARED:
        kinds = {(field.annotation, str(field.default)) for name, field in declared if name == shared}
        assert len(kinds) == 1, shared


def test_settings_that_no_installed_service_declares_cannot_be_read() -> None:
    class Unknown(ServiceSettings):
        pass

    with pytest.raises(LookupError, match="Unknown was not loaded"):
        load({}).of(Unknown)


def test_only_the_password_of_a_url_is_masked() -> None:
    assert without_password("amqp://u:p@h:1/v?x=y") == "amqp://u:***@h:1/v?x=y"
    assert without_password("no url at all") == "no url at all"
