"""What each container is allowed to do, and what not."""

from __future__ import annotations

import json

import httpx2
import pytest

from shared.contracts.event_types import CONTRACTS, types_from
from shared.contracts.subscriptions import SUBSCRIPTIONS
from tests.containers import probe
from tests.containers.compose import SERVICES, Compose, docker

OURS = ("proxy", *SERVICES, "rabbitmq", "mongo", "maildev")


def test_no_port_is_open_but_the_proxys_and_the_brokers_with_tls(system: Compose) -> None:
    open_ports = {
        each["Config"]["Labels"]["com.docker.compose.service"]: [
            (port["HostIp"], port["HostPort"])
            for ports in each["NetworkSettings"]["Ports"].values()
            for port in ports or []
        ]
        for each in system.inspect(*system.containers())
    }

    assert {name: ports for name, ports in open_ports.items() if ports} == {
        "proxy": [("127.0.0.1", str(system.port))],
        "rabbitmq": [("127.0.0.1", str(system.amqp_port))],
    }


@pytest.mark.parametrize("name", OURS)
def test_a_container_is_confined(system: Compose, name: str) -> None:
    for each in system.inspect(*system.containers(name)):
        host = each["HostConfig"]
        assert each["Config"]["User"] not in ("0", "root", "0:0")
        assert host["ReadonlyRootfs"]
        assert host["CapDrop"] == ["ALL"]
        assert set(host["CapAdd"] or []) <= {"NET_BIND_SERVICE", "CAP_NET_BIND_SERVICE"}
        assert "no-new-privileges:true" in host["SecurityOpt"]
        assert not host["Privileged"]
        assert host["Memory"] > 0
        assert host["NanoCpus"] > 0
        assert host["Init"]


@pytest.mark.parametrize("name", OURS)
def test_nothing_runs_as_root_and_no_file_of_the_image_can_be_written(system: Compose, name: str) -> None:
    container = system.containers(name)[0]

    output = docker("exec", container, "sh", "-c", "id -u; touch /intruder 2>&1; true").stdout.split("\n", 1)

    assert output[0] != "0"
    assert "Read-only file system" in output[1] or "Permission denied" in output[1]
    processes = docker("top", container, "-eo", "uid,pid,args").stdout.splitlines()[1:]
    assert not [line for line in processes if line.split()[0] == "0"]


@pytest.mark.parametrize("name", [*SERVICES, "rabbitmq", "mongo"])
def test_the_health_check_of_a_deployment_succeeds(system: Compose, name: str) -> None:
    deployed = json.loads(system("-f", "docker-compose.yml", "config", "--format", "json").stdout)["services"][name]
    image = json.loads(docker("image", "inspect", deployed["image"]).stdout)[0]["Config"]
    check = deployed.get("healthcheck", {}).get("test") or image["Healthcheck"]["Test"]

    assert check[0] == "CMD"
    docker("exec", system.containers(name)[0], *check[1:])


def test_the_limits_hold(system: Compose) -> None:
    container = system.containers("scoring")[0]
    script = (
        "import pathlib\nfor p in ('/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'):\n"
        " print(pathlib.Path(p).read_text() if pathlib.Path(p).exists() else '')"
    )

    assert str(512 * 1024 * 1024) in system.python(container, script).split()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_given_its_own_secrets_and_nobody_elses(system: Compose, name: str) -> None:
    container = system.containers(name)[0]

    given = set(docker("exec", container, "ls", "/run/secrets").stdout.split())

    further = {"notifications": {"smtp_url"}, "portal": {"smtp_url", "portal_key"}}
    assert given == {f"{name}_store_url", f"{name}_bus_url"} | further.get(name, set())
    assert docker("exec", container, "sh", "-c", "ls -R /run/access").stdout.count(".pub") == 2  # the portal's too
    inspected = json.dumps(system.inspect(container)[0]["Config"])
    for secret in system.secrets.glob("*_*"):
        assert secret.read_text().strip() not in inspected


def test_the_proxy_does_not_reach_the_broker_or_the_database(system: Compose) -> None:
    networks = {
        name: {
            each.rpartition("_")[2]
            for each in system.inspect(system.containers(name)[0])[0]["NetworkSettings"]["Networks"]
        }
        for name in OURS
    }

    both = {"front", "back"}
    assert networks == dict.fromkeys(SERVICES, both) | {
        "proxy": {"front"},
        "maildev": {"front"},
        "rabbitmq": {"back", "subscribers"},
        "mongo": {"back"},
    }


@pytest.mark.parametrize("name", SERVICES)
def test_a_services_broker_user_cannot_read_write_or_publish_for_another(system: Compose, name: str) -> None:
    others = [
        (
            other,
            next((each.name for each in SUBSCRIPTIONS if each.service == other), ""),
            min(types_from(other) or set(CONTRACTS) - types_from(name)),
        )
        for other in SERVICES
        if other != name
    ]

    has_queues = any(each.service == name for each in SUBSCRIPTIONS)

    script = probe.script(probe.BROKER, name, others, has_queues=has_queues)
    found = json.loads(system.python(system.containers(name)[0], script))

    assert found.pop("own exchange", None) == ("done" if has_queues else None)
    assert len(found) >= 5
    assert set(found.values()) == {"ChannelAccessRefused"}, found


@pytest.mark.parametrize("name", SERVICES)
def test_a_services_database_user_cannot_read_or_write_anothers(system: Compose, name: str) -> None:
    others = [other for other in SERVICES if other != name]

    found = json.loads(system.python(system.containers(name)[0], probe.script(probe.DATABASE, name, others)))

    assert (found.pop("own"), found.pop("own again")) == ("done", "done")
    assert len(found) == 2 + 3 * len(others)
    assert set(found.values()) == {"refused"}, found


def test_the_proxy_gives_pages_to_the_portal_and_unknown_services_a_problem_document(system: Compose) -> None:
    with httpx2.Client(base_url=system.url, trust_env=False) as proxy:
        unknown, index, live = proxy.get("/nobody/v1/x"), proxy.get("/"), proxy.get("/health/live")
        hidden = proxy.get("/metrics")

    assert (unknown.status_code, unknown.headers["content-type"]) == (404, "application/problem+json")
    assert unknown.json()["type"] == "/problems/not-found"
    assert (index.status_code, hidden.status_code) == (200, 404)
    assert index.headers["content-type"].startswith("text/html")
    assert "Satu Inovasi" in index.text
    assert "script-src" in index.headers["content-security-policy"]  # the portal's own, not replaced by the proxy's
    assert live.status_code == 200
    for answer in (unknown, index):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "server" not in answer.headers


@pytest.mark.parametrize("name", SERVICES)
def test_every_services_documents_are_served_by_the_proxy(system: Compose, name: str) -> None:
    with httpx2.Client(base_url=system.url, trust_env=False) as proxy:
        document = proxy.get(f"/{name}/v1/openapi.json")
        page = proxy.get(f"/{name}/v1/docs")

    assert document.json()["servers"] == [{"url": f"/{name}/v1"}]
    assert page.status_code == 200
