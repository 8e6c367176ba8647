"""Where and when an alert may be sent, and what its link says: the rules alone."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from events.ids import uuid7
from monitoring.delivery.rules import (
    Allowed,
    Change,
    SendProblem,
    SendState,
    Waiting,
    after_failure,
    link_to,
    literal,
    not_to_send,
    pause,
)


@given(st.ip_addresses())
@example(IPv6Address("::ffff:0:0"))
@example(IPv6Address("::1"))
def test_a_listed_name_never_leads_to_this_machine(address: Any) -> None:
    allowed = Allowed.parse("hooks.example")
    inside = address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
    assert not (allowed.admits("hooks.example", [str(address)]) and inside)
    assert not allowed.admits("other.example", [str(address)])
    assert not allowed.admits("hooks.example", ["93.184.216.34", "127.0.0.1"])
    for wrapped in ("::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::169.254.169.254"):
        assert not allowed.admits("hooks.example", [wrapped])
    assert Allowed.parse(f"hooks.example, {literal(str(address))}").admits("hooks.example", [str(address)])


@given(st.integers(1, 60), st.one_of(st.none(), st.integers(0, 10**6)))
def test_pauses_grow_and_have_an_end(attempts: int, wanted: int | None) -> None:
    assert pause(attempts) <= pause(attempts + 1) <= timedelta(hours=1)
    assert pause(attempts) <= pause(attempts, wanted) <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("attempts", "wanted", "seconds"),
    [
        (1, None, 5),
        (2, None, 10),
        (4, 0, 40),
        (10, None, 2560),
        (11, None, 3600),
        (2, 7, 10),
        (2, 60, 60),
        (1, 9999, 3600),
    ],
)
def test_a_pause_doubles_and_is_what_the_other_side_asks_for(attempts: int, wanted: int | None, seconds: int) -> None:
    assert pause(attempts, wanted) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("change", "fields", "problem"),
    [
        (Change.RAISED, {}, None),
        (Change.RAISED, {"enabled": False, "snoozed": True, "asked": True}, SendProblem.DISABLED),
        (Change.RAISED, {"snoozed": True, "asked": True, "superseded": True}, SendProblem.SNOOZED),
        (Change.RAISED, {"superseded": True}, SendProblem.SUPERSEDED),
        (Change.RAISED, {"superseded": True, "asked": True}, None),
        (Change.CLOSED, {}, SendProblem.NEVER_TOLD),
        (Change.RETRACTED, {}, SendProblem.NEVER_TOLD),
        (Change.CLOSED, {"told": True}, None),
        (Change.CLOSED, {"asked": True}, None),
    ],
)
def test_why_a_record_is_not_sent(change: Change, fields: Any, problem: SendProblem | None) -> None:
    assert not_to_send(Waiting(**{"change": change, "enabled": True} | fields)) is problem


def test_a_record_is_given_up_when_its_hours_are_over_or_the_target_is_gone() -> None:
    since = datetime(2023, 10, 15, 8, tzinfo=UTC)

    def left(problem: SendProblem, seconds: int, hours: int | None) -> SendState:
        return after_failure(problem, since=since, now=since + timedelta(seconds=seconds), hours=hours)

    assert left(SendProblem.BROKEN, 86_399, 24) is SendState.FAILED
    assert left(SendProblem.BROKEN, 86_400, 24) is SendState.GIVEN_UP
    assert left(SendProblem.BROKEN, 10**8, None) is SendState.FAILED
    assert left(SendProblem.GONE, 1, 24) is SendState.GIVEN_UP
    assert left(SendProblem.GONE, 1, None) is SendState.GIVEN_UP


def test_the_list_names_hosts_domains_and_networks() -> None:
    allowed = Allowed.parse(
        " Hooks.Example. , http://plain.example,*.kunming.example,, 10.1.0.7/16, http://10.2.0.5, ::ffff:10.3.0.0/112,"
        "2001:db8::/32"
    )
    for host in (
        "hooks.example", "plain.example", "a.kunming.example", "a.b.kunming.example", "10.1.200.1", "10.2.0.5",
        "10.3.255.1", "::ffff:10.1.2.3", "2001:db8::1",
    ):  # fmt: skip
        assert allowed.names(host), host
    for host in (
        "other.example", "books.example", "kunming.example", "akunming.example", "10.4.0.1", "10.2.0.6", "2001:db9::1",
        "",
    ):  # fmt: skip
        assert not allowed.names(host), host
    assert [host for host in ("hooks.example", "plain.example", "10.1.0.1", "10.2.0.5", "other.example")
            if allowed.plain(host)] == ["plain.example", "10.2.0.5"]  # fmt: skip
    assert not Allowed().names("hooks.example")


@pytest.mark.parametrize(
    "text", ["two words", "a*.example", "a.*.example", "*.*.example", "under_score.example", "http://", "10.0.0.0/33"]
)
def test_what_is_neither_host_nor_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^neither host nor network: '{text.replace('*', '[*]')}'$"):
        Allowed.parse(f"hooks.example,{text}")


def test_addresses_are_looked_at_as_what_they_stand_for() -> None:
    for wrapped in ("10.1.2.3", "::ffff:10.1.2.3", "2002:0a01:0203::", "64:ff9b::10.1.2.3"):
        assert literal(wrapped) == IPv4Address("10.1.2.3")
    assert literal("2001:db8::1") == IPv6Address("2001:db8::1")
    assert literal("hooks.example") is None
    allowed = Allowed.parse("hooks.example")
    for inside in ("127.0.0.1", "169.254.1.1", "224.0.0.1", "0.0.0.0", "240.0.0.1", "fe80::1%eth0", "::1"):
        assert not allowed.admits("hooks.example", [inside]), inside
    assert allowed.admits("hooks.example", ["93.184.216.34", "10.0.0.1", "2606:2800::1%eth0"])
    assert not allowed.admits("hooks.example", []), "a name that leads nowhere"
    listed = Allowed.parse("hooks.example,127.0.0.0/8")
    assert listed.admits("hooks.example", ["127.0.0.1", "93.184.216.34"])
    assert not listed.admits("hooks.example", ["127.0.0.1", "169.254.1.1"])


def test_a_link_leads_to_the_alert() -> None:
    alert = uuid7()
    for base in ("https://zengshou.example/X", "https://zengshou.example/X/"):
        assert link_to(base, alert) == f"https://zengshou.example/X/v1/alerts/{alert}"
