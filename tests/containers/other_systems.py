"""The examples for other systems beside the containers, each by the way that is open to it: the broker's TLS port, the
feed through the proxy, or a webhook."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path

import httpx2

from shared.auth.keys import Grant
from shared.auth.policy import Role
from shared.contracts.event import SEQUENCE_DIGITS
from tests.containers.compose import Compose, docker
from tests.contract.subscribers.example_process import EXAMPLE, ExampleProcess, Present
from tests.support.client import Regency, issuing

SUBJECTS = ("agency", "innovation", "region")


class OtherSystems:
    """One process for each example. All of them follow the agencies and innovations of one region, and the region."""

    def __init__(self, system: Compose, regency: Regency, folder: Path) -> None:
        self.examples: dict[str, ExampleProcess] = {}
        self._system = system
        self._regency = regency
        self._folder = folder
        self._queues: list[str] = []
        self._token = issuing(system.secrets)(Grant("dasbor", Role.SUBSCRIBER, regency.code, (), SUBJECTS))

    async def start(self) -> None:
        """Give each its access, and start it."""
        authority = str(self._system.secrets / "amqp_authority.pem")
        for name in ("node-amqp", "python-amqp"):
            given = self._queue(f"{name}-{self._regency.code.replace('.', '-')}")
            host = f"127.0.0.1:{self._system.amqp_port}"
            url = f"amqps://{given['user']}:{given['password']}@{host}"
            self._add(name, {"AMQP_URL": url, "NODE_EXTRA_CA_CERTS": authority, "SSL_CERT_FILE": authority})
        self._add("shell-feed", {})
        self._add("node-webhook", await self._endpoint())
        await self.go_on()

    async def go_on(self) -> None:
        """Start those that do not run."""
        for each in self.examples.values():
            if each.process is None:
                await each.start()

    def kill(self, *names: str) -> None:
        """kill -9 these, or all."""
        for name in names or self.examples:
            self.examples[name].kill()

    async def until_all_have(self, wanted: Present) -> None:
        """Wait until each has exactly this present."""
        for each in self.examples.values():
            await each.until(lambda each=each: each.present() == wanted, seconds=60)  # type: ignore[misc]

    async def present(self) -> Present:
        """The newest event of each subject, as a newcomer reads it from the feed."""
        found: Present = {}
        headers, more, after = {"Authorization": f"Bearer {self._token}"}, True, ""
        async with httpx2.AsyncClient(base_url=self._system.url, headers=headers, trust_env=False) as http:
            while more:
                page = (await http.get(f"/feed/v1/events?limit=2{after}")).raise_for_status().json()
                found |= {each["subject"]: each for each in page["events"]}
                more, after = page["more"], f"&after={page['cursor']}"
        return found

    def close(self) -> None:
        """End them, and take their access back."""
        self.kill()
        for each in self._queues:
            self._subscriber("remove", each)

    def _add(self, name: str, environment: Mapping[str, str]) -> None:
        folder = self._folder / name
        folder.mkdir()
        environment = {"FEED_TOKEN": self._token, **environment}
        self.examples[name] = ExampleProcess(EXAMPLE[name], folder, f"{self._system.url}/feed/v1", environment)

    def _queue(self, name: str) -> dict[str, str]:
        words = ("add", name, "--subjects", ",".join(SUBJECTS), "--region", self._regency.code, "--json")
        given = json.loads(self._subscriber(*words))
        self._queues.append(name)
        return dict(given)

    def _subscriber(self, *words: str) -> str:
        return self._system("run", "--rm", "--no-deps", "-T", "topology", "subscriber", *words).stdout

    async def _endpoint(self) -> dict[str, str]:
        """A webhook endpoint on this machine: at its address on the engine's own network, which outlives Compose's."""
        (network,) = json.loads(docker("network", "inspect", "bridge").stdout)
        pool = network["IPAM"]["Config"][0]  # an engine names the gateway only once it has been used
        host = pool.get("Gateway") or str(next(ip_network(pool["Subnet"]).hosts()))
        with socket.socket() as probe:
            probe.bind((host, 0))
            port = int(probe.getsockname()[1])
        body = {"url": f"http://{host}:{port}/", "subjects": list(SUBJECTS), "region": self._regency.code}
        made = await self._regency.curator.create("/feed/v1/endpoints", body)
        return {"WEBHOOK_SECRET": made["secret"], "HOST": host, "PORT": str(port)}


async def in_registry(regency: Regency, *subjects: str) -> dict[str, str]:
    """The version of each subject in the registry, as events say it: its `sequence`."""
    paths = {"innovation": "innovations", "agency": "agencies", "region": "regions"}
    found = {}
    for subject in subjects:
        kind, _, id = subject.partition("/")
        answer = await regency.curator.raw("GET", f"/registry/v1/{paths[kind]}/{id}")
        version = int(answer.raise_for_status().headers["etag"].strip('"'))
        found[subject] = f"{version:0{SEQUENCE_DIGITS}d}"
    return found
