from __future__ import annotations

from ipaddress import ip_address

import pytest

from services.feed.endpoints.addresses import all_allowed, is_public, networks_of
from services.feed.endpoints.target import Target, UnusableUrl, host_of, target_of

PRIVATE = (
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
    *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.88.99.1", "198.18.0.1", "192.0.2.1"),
    *("::1", "::", "fe80::1", "fe80::1%2", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "fec0::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::808:808"),
    *("2002:7f00:1::", "2002:a9fe:a9fe::1", "2001::1", "100::1", "5f00::1"),
)
PUBLIC = ("8.8.8.8", "103.10.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1")


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_on_the_public_internet_is_refused_however_it_is_wrapped(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address: str) -> None:
    assert is_public(ip_address(address))


def test_every_address_of_a_host_must_be_allowed() -> None:
    assert all_allowed(["8.8.8.8", "2606:4700::1"], (), plain=False)
    assert not all_allowed(["8.8.8.8", "10.0.0.1"], (), plain=False)
    assert not all_allowed([], (), plain=False)


def test_without_tls_or_on_another_port_only_the_operators_networks_are_allowed() -> None:
    own = networks_of("10.0.0.0/8, ::1")
    assert all_allowed(["10.0.0.1"], own, plain=True)
    assert all_allowed(["::ffff:10.0.0.1", "::1"], own, plain=True)
    assert all_allowed(["10.0.0.1", "8.8.8.8"], own, plain=False)
    assert not all_allowed(["8.8.8.8"], own, plain=True)
    assert not all_allowed(["192.168.0.1"], own, plain=False)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://a.example", Target("https", "a.example", 443, "/")),
        ("https://A.Example:8443/x?y=1", Target("https", "a.example", 8443, "/x?y=1")),
        ("https://[2606:4700::1]/x", Target("https", "2606:4700::1", 443, "/x")),
        ("http://127.0.0.1:8080", Target("http", "127.0.0.1", 8080, "/")),
    ],
)
def test_a_url_is_taken_apart(url: str, target: Target) -> None:
    assert target_of(url) == target


def test_what_is_no_https_on_a_usual_port_is_plain() -> None:
    plain = {url: target_of(url).is_plain for url in ("https://a", "https://a:8443", "https://a:22", "http://a:443")}
    assert list(plain.values()) == [False, False, True, True]


def test_the_host_header_has_the_port_only_if_it_is_unusual() -> None:
    urls = ("https://a.example:443", "https://a.example:8443", "https://[::1]", "http://a.example")
    assert [target_of(url).authority for url in urls] == ["a.example", "a.example:8443", "[::1]", "a.example"]


@pytest.mark.parametrize(
    "url",
    [
        *("", "a.example", "ftp://a.example", "file:///etc/passwd", "https://", "https:///x", "//a.example"),
        *("https://u:p@a.example", "https://u@a.example", "https://@a.example", "https://a.example#x"),
        *("https://a.example/ x", "https://a.example/\n", "https://a\\b.example", "https://a.example:0"),
        *("https://a.example:70000", "https://a.example:x", "https://[::1", "https://[v1.x]", "https://ä.example"),
        *("https://-a.example", "https://a..example", "https://" + "a" * 254, "https://a.example/" + "x" * 2_000),
        *("https://a.example#", "https://a%00.example", f"https://{'a' * 64}.example", "https://a.example\u2028"),
    ],
)
def test_any_other_url_is_refused(url: str) -> None:
    with pytest.raises(UnusableUrl):
        target_of(url)


def test_logs_show_the_host_of_a_url_alone() -> None:
    assert host_of("https://a.example:8443/secret?token=1") == "a.example"
