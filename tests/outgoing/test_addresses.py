"""A receiver is on the internet. Nothing leads the server to itself, to its neighbours, or into another network."""

from __future__ import annotations

import pytest

from tracker.outgoing.addresses import AddressRefused, is_public, pick_address

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
