"""What the images contain, and what not."""

from __future__ import annotations

import json

import pytest

from tests.containers.compose import BUILT, SERVICES, docker

pytestmark = pytest.mark.drawn(14)


def _image(name: str, version: str) -> str:
    return f"satu-inovasi/{name}:{version}"


@pytest.mark.parametrize("name", BUILT)
def test_an_image_holds_only_the_code_that_it_runs(images: str, name: str) -> None:
    listing = "import json, pathlib; print(json.dumps([p.name for p in pathlib.Path('/app/services').iterdir()]))"

    found = docker("run", "--rm", "--entrypoint", "python", _image(name, images), "-c", listing).stdout

    services = {each for each in json.loads(found) if not each.startswith("__")}
    assert services == ({name} if name in SERVICES else set())


@pytest.mark.parametrize("name", BUILT)
def test_an_image_holds_only_the_packages_of_its_extra(images: str, name: str) -> None:
    owners = {
        "reportlab": {"scoring", "notifications", "portal"},
        "openpyxl": {"scoring"},
        "pypdf": {"registry"},
        "aiosmtplib": {"notifications", "portal"},
        "argon2": {"portal"},
        "babel": {"portal"},
        "aiosmtpd": set[str](),
        "pip": set[str](),
    }
    script = f"import importlib.util as it; print(*(each for each in {list(owners)} if it.find_spec(each)))"

    found = docker("run", "--rm", "--entrypoint", "python", _image(name, images), "-c", script).stdout.split()

    assert found == [package for package, those in owners.items() if name in those]


@pytest.mark.parametrize("name", BUILT)
def test_an_image_knows_the_authorities_that_providers_certificates_come_from(images: str, name: str) -> None:
    """The HTTP client trusts what the system trusts (truststore), and brings no list of its own."""
    script = "import ssl, truststore; print(ssl.create_default_context().cert_store_stats()['x509_ca'])"

    found = docker("run", "--rm", "--entrypoint", "python", _image(name, images), "-c", script).stdout

    assert int(found) > 50


@pytest.mark.parametrize("name", BUILT)
def test_an_image_runs_as_nobody_in_particular_and_cannot_change_its_own_code(images: str, name: str) -> None:
    script = "id -u; touch /app/intruder /app/services/intruder /opt/venv/intruder 2>&1 | wc -l; which pip gcc || true"

    found = docker("run", "--rm", "--entrypoint", "sh", _image(name, images), "-c", script).stdout.split()

    assert found[:2] == ["10001", "3"]
    assert [each for each in found[2:] if "/opt/venv" in each] == []


@pytest.mark.parametrize("name", BUILT)
def test_an_image_holds_no_secret_and_no_test(images: str, name: str) -> None:
    script = "find / -xdev \\( -path '*/app/tests*' -o -name 'token.key' -o -name '*_url' \\) 2>/dev/null | head"
    image = _image(name, images)

    assert docker("run", "--rm", "--entrypoint", "sh", image, "-c", script).stdout == ""
    environment = json.loads(docker("image", "inspect", image).stdout)[0]["Config"]["Env"]
    assert not [each for each in environment if "password" in each.lower() or "://" in each]


@pytest.mark.parametrize("name", SERVICES)
def test_a_services_image_says_how_to_ask_for_its_health(images: str, name: str) -> None:
    config = json.loads(docker("image", "inspect", _image(name, images)).stdout)[0]["Config"]

    assert config["Healthcheck"]["Test"][0] == "CMD"
    assert config["Cmd"] == ["serve", name]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_can_be_imported_whole_without_the_others(images: str, name: str) -> None:
    script = f"import services.{name}.main as it; print(callable(it.compose))"

    assert docker("run", "--rm", "--entrypoint", "python", _image(name, images), "-c", script).stdout == "True\n"


def test_the_tools_send_a_command_to_where_its_service_is(images: str) -> None:
    done = docker("run", "--rm", _image("tools", images), "remind", "--as-of", "2026-01-01", check=False)

    assert done.returncode == 2
    assert "docker compose exec notifications satu remind" in done.stderr
