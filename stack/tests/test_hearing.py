"""What must stand in whose received log."""

import pytest

from events.catalog.base import Service
from events.catalog.employment import WagePaid
from events.catalog.finance import LoanOverdue
from events.catalog.platform import Consumed, DeadLettered
from stack.hearing import keeps, kept


@pytest.mark.parametrize(
    ("listener", "wire_type", "expected"),
    [
        ("households", WagePaid.wire_type(), True),
        ("households", WagePaid.wire_type().replace(".v1", ".v99"), True),
        ("employment", LoanOverdue.wire_type(), False),
        ("monitoring", LoanOverdue.wire_type(), True),
        ("monitoring", "cn.kunming.zengshou.employment.NeverHeardOf.v1", True),
        ("monitoring", DeadLettered.wire_type(), False),
        ("monitoring", Consumed.wire_type(), False),
        ("households", DeadLettered.wire_type(), False),
    ],
)
def test_a_service_keeps_what_it_handles_and_monitoring_all_facts(
    listener: Service, wire_type: str, expected: bool
) -> None:
    assert keeps(listener, wire_type) is expected
    assert kept(listener, {7: wire_type}) == ({7} if expected else set())
