"""The settings of a process: the only room that reads the environment.

Names, defaults and checks; a URL's scheme is the switch between embedded and distributed. Every `X` may come as
`X_FILE`, which names a file that holds the value: for secrets.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, AwareDatetime, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.faults import Flaw, Misconfigured


def _with_scheme(*schemes: str) -> AfterValidator:
    def check(url: str) -> str:
        if url and urlsplit(url).scheme not in schemes:
            raise ValueError(f"must begin with {' or '.join(f'{scheme}:' for scheme in schemes)}")
        return url

    return AfterValidator(check)


StoreUrl = Annotated[str, _with_scheme("sqlite", "mongodb", "mongodb+srv")]
BusUrl = Annotated[str, _with_scheme("sqlite", "amqp", "amqps")]
FilesUrl = Annotated[str, _with_scheme("file", "gridfs")]
WebUrl = Annotated[str, _with_scheme("http", "https")]


class Settings(BaseSettings):
    """What a process is told. `satu config` shows it.

    store_url: `sqlite:///<folder>` (one file per service in it; four slashes for an absolute folder) or
    `mongodb://…/<database>`; bus_url: `sqlite:///<file>` or `amqp://…`; files_url: `file:///<absolute folder>` or
    `gridfs:` (in the store's database). `{service}` in a URL is replaced by the service's name. All three default to
    the embedded engines below `data_dir`. access_dir: the public keys of tokens, `data_dir/access` by default;
    oidc_issuer, oidc_audience: an issuer whose tokens are let in as well, and what they must be meant for; oidc_role,
    oidc_region, oidc_agencies: the names of its claims. business_time: business time begins there. channel: how
    people are told, `email` where smtp_url is set and else `log`, which tells nobody. smtp_url:
    `smtp://user:password@host:port` without TLS, `starttls://` insists on it, `smtps://` has it from the start;
    mail_from: `Name <address>` or an address; mail_reply_to: a person at the curator's office; mail_domain: of
    Message-IDs, mail_from's by default. prefetch: messages that one consumer holds at most. stop_seconds: how long a
    process that ends waits for what is under way.
    """

    model_config = SettingsConfigDict(env_file=None, extra="ignore", hide_input_in_errors=True)

    data_dir: Path = Path("data")
    store_url: StoreUrl = Field(default="", repr=False)
    bus_url: BusUrl = Field(default="", repr=False)
    files_url: FilesUrl = Field(default="", repr=False)
    mongo_driver: Literal["motor", "pymongo"] = "motor"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    access_dir: Path | None = None
    oidc_issuer: WebUrl = ""
    oidc_audience: str = ""
    oidc_role: str = "role"
    oidc_region: str = "region"
    oidc_agencies: str = "agencies"
    business_time: AwareDatetime | None = None
    log_format: Literal["auto", "console", "json"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    prefetch: int = Field(default=32, ge=1, le=1000)
    stop_seconds: float = Field(default=20.0, gt=0, le=600)
    channel: Literal["", "email", "log"] = ""
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = ""
    mail_reply_to: str = ""
    mail_domain: str = ""

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, url: SecretStr) -> SecretStr:
        parts = urlsplit(url.get_secret_value())
        if url.get_secret_value() and (parts.scheme not in {"smtp", "starttls", "smtps"} or not parts.hostname):
            raise ValueError("must be smtp://host:port, starttls://host:port or smtps://host:port")
        return url

    @field_validator("oidc_audience")
    @classmethod
    def _audience(cls, audience: str, info: Any) -> str:  # noqa: ANN401 - pydantic's ValidationInfo, generic in its data
        if info.data.get("oidc_issuer") and not audience:
            raise ValueError("must be set when OIDC_ISSUER is: tokens meant for others must not open this door")
        return audience

    @property
    def root(self) -> Path:
        """The data folder, absolute."""
        return self.data_dir.expanduser().absolute()

    @property
    def keys(self) -> Path:
        """Where the public keys of tokens are."""
        return self.access_dir or self.root / "access"

    def store_of(self, service: str) -> str:
        """The URL of a service's store."""
        return self._of(service, self.store_url or f"sqlite:///{quote(str(self.root))}")

    def bus_of(self, service: str) -> str:
        """The URL of a service's bus: the same text means the same bus."""
        return self._of(service, self.bus_url or f"sqlite:///{quote(str(self.root / 'bus.sqlite'))}")

    def files_of(self, service: str) -> str:
        """The URL of a service's files: beside the store when nothing else is said."""
        distributed = self.store_of(service).startswith("mongodb")
        default = "gridfs:" if distributed else (self.root / "files").as_uri()
        return self._of(service, self.files_url or default)

    @staticmethod
    def _of(service: str, url: str) -> str:
        return url.replace("{service}", service).replace("%7Bservice%7D", service)


def load(environ: Mapping[str, str] | None = None, **given: object) -> Settings:
    """The settings from the environment; `given` wins over it. Raises Misconfigured with every flaw at once; a flaw's
    field is the variable, and its message never shows the value."""
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {}
    flaws: list[Flaw] = []
    for name in Settings.model_fields:
        variable = name.upper()
        try:
            value = _value(variable, environ)
        except ValueError as error:
            flaws.append(Flaw(f"{variable}_FILE", "unusable", str(error)))
            continue
        if value is not None:
            values[name] = value
    try:
        settings = Settings.model_validate(_defaults() | values | given)
    except ValidationError as error:
        flaws += [
            Flaw(str(each["loc"][0]).upper(), each["type"].replace("_", "-"), each["msg"].removeprefix("Value error, "))
            for each in error.errors(include_url=False, include_input=False, include_context=False)
        ]
    if flaws:
        raise Misconfigured(flaws)
    return settings


def _defaults() -> dict[str, object]:
    """Every default by name: so that pydantic-settings looks nowhere else, least of all for what was found faulty."""
    return {name: field.get_default() for name, field in Settings.model_fields.items()}


def _value(variable: str, environ: Mapping[str, str]) -> str | None:
    """Raises ValueError when the file that should hold the value does not."""
    named = environ.get(f"{variable}_FILE", "")
    if not named:
        return environ.get(variable) or None
    if environ.get(variable):
        raise ValueError(f"{variable} is set too; which one holds?")
    try:
        held = Path(named).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"cannot read {named}: {getattr(error, 'strerror', None) or 'not UTF-8'}") from error
    if not held:
        raise ValueError(f"{named} is empty")
    return held


def shown(settings: Settings) -> dict[str, str]:
    """Variable → value as it may be shown: passwords in URLs and secrets masked."""
    return {name.upper(): _masked(getattr(settings, name)) for name in Settings.model_fields}


def _masked(value: Any) -> str:  # noqa: ANN401 - a setting of any type
    if isinstance(value, SecretStr):
        return without_password(value.get_secret_value())
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else without_password(str(value))


def without_password(url: str) -> str:
    """A URL with its password as `***`; other text as it is."""
    parts = urlsplit(url) if "://" in url else None
    if parts is None or "@" not in parts.netloc:
        return url
    user, _, host = parts.netloc.rpartition("@")
    return url.replace(parts.netloc, f"{user.partition(':')[0]}:***@{host}", 1)


def variable(name: str, default: str = "") -> str:
    """Another variable of the environment, or its `…_FILE`: for the tools that set up servers and are no service.
    Raises Misconfigured."""
    try:
        return _value(name, os.environ) or default
    except ValueError as error:
        raise Misconfigured([Flaw(f"{name}_FILE", "unusable", str(error))]) from error
