"""A receiver is on the internet. Nothing leads the server to itself, to its neighbours, or into another network."""

from __future__ import annotations

import pytest

from tracker.outgoing.addresses import AddressRefused, is_inside, is_plain_host, is_public, pick_address
from tracker.outgoing.sender import Sender

#: One of each kind of address that leads somewhere else than it looks.
HOSTILE = {
    "loopback": ("127.0.0.1", "127.255.0.9", "::1"),
    "this host": ("0.0.0.0", "::"),  # noqa: S104  # nothing is bound
    "private": ("10.0.0.7", "172.16.4.4", "192.168.1.1"),
    "shared with other customers": ("100.64.0.1",),
    "link-local, with the metadata of clouds": ("169.254.169.254", "fe80::1", "fe80::1%eth0"),
    "unique local": ("fd00:ec2::254", "fc00::1"),
    "site-local": ("fec0::1",),
    "multicast": ("224.0.0.1", "239.255.255.250", "ff02::1"),
    "broadcast": ("255.255.255.255",),
    "reserved": ("240.0.0.1", "192.0.0.8"),
    "documents": ("192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"),
    "benchmarks": ("198.18.0.1", "2001:2::1"),
    "IPv4 in IPv6": ("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1"),
    "NAT64": ("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1"),
    "6to4": ("2002:7f00:1::1", "2002:a00:1::", "192.88.99.1"),
    "Teredo and ORCHID": ("2001:0:7f00:1::1", "2001:10::1", "2001:20::1"),
    "discard, and no address": (
        "100::1",
        "5f00::1",
        "4000::1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "",
        "example",
    ),
}


def test_no_kind_of_hostile_address_is_connected_to() -> None:
    assert len(HOSTILE) == 17
    let_through = [one for kind in HOSTILE.values() for one in kind if is_public(one)]
    assert let_through == []


#: Numbers of this machine and its neighbours, in forms that systems read as such.
NUMBERS = (
    *("0", "127.1", "0x7f.1", "0x7f000001", "0177.0.0.1", "2130706433", "169.254.43518"),
    *("\uff11\uff12\uff17.\uff10.\uff10.\uff11", "\u2460\u2461\u2466.0.0.1", "127\u30020\u30020\u30021"),
)
#: Hosts that look like a name of the internet, and are none.
NAMES = (
    *(
        "localhost",
        "localhost.",
        "local\u24d7ost",
        "localhost\u3002",
        "intranet",
        "127.0.0.1.",
        "10.0.0.1.example.7",
    ),
    "\u0661\u0662\u0667.0.0.1",
    *(
        "a..example",
        ".example",
        "-a.example",
        "a-.example",
        f"{'a' * 64}.example",
        "a b.example",
        "a%2eexample",
    ),
    *("a\r\nb.example", "a\x00.example", "a\u202e.example", "a\\b.example", ""),
)


def test_no_host_in_disguise_is_a_plain_one() -> None:
    assert [one for one in (*NUMBERS, *NAMES) if is_plain_host(one)] == []


@pytest.mark.parametrize("host", NUMBERS)
def test_a_number_in_disguise_is_judged_by_where_it_leads(host: str) -> None:
    outcome = Sender(patience=5).post(f"https://{host}/", {}, b"x")
    assert (outcome.status, outcome.fault) == (None, "address")


def test_names_and_numbers_in_their_ordinary_form_are_known() -> None:
    for host in ("hooks.example", "b\u00fccher.example", "h_1.example", "8.8.8.8", "2606:4700:4700::1111"):
        assert is_plain_host(host), host


def test_a_host_that_by_its_form_is_inside_some_network_is_known_without_a_look_up() -> None:
    inside = ("10.0.0.7", "127.0.0.1", "169.254.169.254", "fd00:ec2::254", "192.0.2.1")
    for host in (
        *inside,
        "x.localhost",
        "Printer.LOCAL",
        "db.internal",
        "b\u00fccher\u3002home\u3002arpa",
        "x.onion",
    ):
        assert (is_plain_host(host), is_inside(host)) == (True, True), host
    for host in ("hooks.example", "8.8.8.8", "2606:4700:4700::1111", "local.example", "mylocal.example"):
        assert not is_inside(host), host


def test_what_everybody_reaches_is_connected_to() -> None:
    for address in ("8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:831::200e"):
        assert pick_address([address], local=False) == address


@pytest.mark.parametrize("found", [["8.8.8.8", "10.0.0.1"], ["2606:4700::1111", "::1"], []])
def test_a_name_that_also_leads_elsewhere_is_refused_whole(found: list[str]) -> None:
    with pytest.raises(AddressRefused):
        pick_address(found, local=False)


def test_for_a_trial_only_this_machine_is_connected_to() -> None:
    assert pick_address(["::1", "127.0.0.1"], local=True) == "::1"
    for other in ("8.8.8.8", "192.168.1.1", "nothing"):
        with pytest.raises(AddressRefused):
            pick_address([other], local=True)
