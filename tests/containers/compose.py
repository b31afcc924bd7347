"""Runs the project's Compose files under a private project name and ports, with its own secrets."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.paths import ROOT

SERVICES = ("registry", "scoring", "notifications", "feed", "portal")
BUILT = (*SERVICES, "tools")
FILES, OVERRIDE = ("docker-compose.yml", "docker-compose.amqp.yml"), "docker-compose.override.yml"
HTTP = (
    "exec 3<>/dev/tcp/127.0.0.1/{}; printf 'GET {} HTTP/1.0\\r\\n\\r\\n' >&3; "
    "read -r -t 4 line <&3; [[ $$line == *' 200 '* ]]"
)
PROBES = {
    **dict.fromkeys(SERVICES, HTTP.format(9100, "/health/ready")),
    "rabbitmq": "</dev/tcp/$${BACK:-127.0.0.1}/5672 && </dev/tcp/$${BACK:-127.0.0.1}/15672",
    "mongo": "</dev/tcp/mongo/27017",
}
"""Health checks in bash, which cost so little that they may run every other second: then every start takes half the
time. Those of the images and of the compose file start an interpreter each; `test_walls.py` runs them once."""

RETRIES = {**dict.fromkeys(SERVICES, 8), "rabbitmq": 25, "mongo": 25, "proxy": 13}
"""Failed checks until a container is unhealthy: after the same time as in a deployment."""

_BUILD, _UP, _ONE = 900.0, 300.0, 120.0  # seconds that a command may take


class Failed(AssertionError):
    """A docker command failed that must succeed."""


class Compose:
    """One Compose project. folder: gets copies of the compose files, ./secrets, and a link to what is mounted. amqp:
    with the port for other systems, `amqp_port` on loopback."""

    def __init__(self, name: str, folder: Path, *, version: str, amqp: bool = False) -> None:
        self.name = name
        self.folder = folder
        self.port = _free_port()
        self.amqp_port = _free_port() if amqp else 0
        self._environment = {**os.environ, "HTTP_PORT": str(self.port), "VERSION": version}
        self._environment |= {"COMPOSE_PROGRESS": "plain", "PUBLIC_URL": self.url}
        self._environment |= {"WEBHOOK_NETWORKS": "172.16.0.0/12"}  # receivers are on this machine
        folder.mkdir(parents=True, exist_ok=True)
        for file in FILES:
            shutil.copy(ROOT / file, folder)
        if amqp:
            self._environment |= {"AMQP_ADDRESS": "127.0.0.1", "AMQP_PORT": str(self.amqp_port)}
            self._environment |= {"COMPOSE_FILE": ":".join((*FILES, OVERRIDE))}
        (folder / "deploy").symlink_to(ROOT / "deploy")
        (folder / OVERRIDE).write_text(json.dumps({"services": _overridden()}))
        self.make_secrets("127.0.0.1" if amqp else "")

    @property
    def url(self) -> str:
        """The base URL of the proxy."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def secrets(self) -> Path:
        """The folder of secrets; the key in its `operator/` signs tokens."""
        return self.folder / "secrets"

    def make_secrets(self, amqp: str = "") -> None:
        """`make secrets`: what is not there yet, and .env. amqp: the host of a certificate for other systems."""
        command = [str(ROOT / "deploy/make-secrets"), "secrets", *([amqp] if amqp else [])]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)

    def build(self) -> None:
        """Build the images from this checkout."""
        self._run(["-f", str(ROOT / "docker-compose.yml"), "build", *BUILT], within=_BUILD, cwd=ROOT)

    def up(self, *more: str, replicas: Mapping[str, int] | None = None) -> None:
        """Start all containers and wait until they are healthy."""
        scale = [each for name, count in (replicas or {}).items() for each in ("--scale", f"{name}={count}")]
        try:
            self(*("up", "--detach", "--wait", "--no-build", *scale, *more), within=_UP)
        except Failed as failed:
            logs = self("logs", "--no-color", "--tail", "40", check=False).stdout
            states = self("ps", "--all", check=False).stdout
            raise Failed(f"{logs}\n{states}\n{failed}") from failed  # the cause last: long output is cut in the middle

    def down(self, *, volumes: bool) -> None:
        """Remove the containers, and the volumes if asked."""
        self(
            "down",
            "--timeout",
            "1" if volumes else "20",
            "--remove-orphans",
            *(["--volumes"] if volumes else []),
            within=_UP,
        )

    def containers(self, service: str = "") -> list[str]:
        """Ids of the running containers, of one service or all."""
        labels = {"project": self.name, "oneoff": "False"} | ({"service": service} if service else {})
        filters = [f"--filter=label=com.docker.compose.{name}={value}" for name, value in labels.items()]
        return docker("ps", "--quiet", *filters).stdout.split()

    def unhealthy(self) -> list[str]:
        """The names of running containers whose state is not healthy."""
        states = {each["Name"]: each["State"] for each in self.inspect(*self.containers())}
        return [name for name, state in states.items() if state.get("Health", {}).get("Status") != "healthy"]

    def inspect(self, *containers: str) -> list[dict[str, Any]]:
        """What the engine reports about containers."""
        return list(json.loads(docker("inspect", *containers).stdout))

    def python(self, container: str, script: str) -> str:
        """Run a script inside a running container, as its user; returns the output. Raises Failed."""
        return docker("exec", "-i", container, "python", "-", stdin=script).stdout

    def __call__(self, *arguments: str, check: bool = True, within: float = _ONE) -> subprocess.CompletedProcess[str]:
        """`docker compose …` in this project."""
        return self._run(["--project-directory", str(self.folder), *arguments], check=check, within=within)

    def _run(
        self, arguments: list[str], *, within: float, check: bool = True, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        command = ["compose", "--project-name", self.name, *arguments]
        return docker(*command, check=check, within=within, cwd=cwd or self.folder, environment=self._environment)


def _overridden() -> dict[str, Any]:
    """What an override of the compose file says about health checks, and about a limit that a container engine within a
    container cannot raise."""
    probed: dict[str, dict[str, Any]] = {
        name: {
            "healthcheck": {"interval": "2s", "retries": retries}
            | ({"test": ["CMD", "bash", "-c", PROBES[name]]} if name in PROBES else {})
        }
        for name, retries in RETRIES.items()
    }
    probed["rabbitmq"]["ulimits"] = {"nofile": {"soft": 1024, "hard": 1024}}
    return probed


def docker(
    *arguments: str,
    check: bool = True,
    within: float = _ONE,
    stdin: str | None = None,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `docker …`. Raises Failed with its output."""
    done = subprocess.run(
        ["docker", *arguments],
        input=stdin if stdin is not None else "",
        capture_output=True,
        text=True,
        check=False,
        timeout=within,
        cwd=cwd,
        env=None if environment is None else dict(environment),
    )
    if check and done.returncode != 0:
        raise Failed(f"docker {' '.join(arguments)}: {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return done


def engine_answers() -> bool:
    """Whether a container engine with Compose answers."""
    if shutil.which("docker") is None:
        return False
    return all(
        subprocess.run(["docker", *words], capture_output=True, check=False, timeout=30).returncode == 0
        for words in (("info",), ("compose", "version"))
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
