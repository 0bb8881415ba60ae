"""The ledger over made-up arrivals: what is lost, doubled and out of order is known beforehand."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.ledger import Ledger, settle
from benchmarks.results import Run
from benchmarks.samples import Samples

NEVER_SENT = -1


def samples(clients: int, sent_ns: list[int], arrivals: list[tuple[int, int]]) -> Samples:
    """Return samples of these (client, message) arrivals, in this order."""
    made = Samples(clients, range(len(sent_ns)), sent_ns)
    for client, message in arrivals:
        made.add(client, message, 1_000)
    return made


def test_a_run_in_which_all_goes_well() -> None:
    arrivals = [(client, message) for message in range(3) for client in range(2)]
    assert settle(samples(2, [0, 1, 2], arrivals), {0, 1, 2}) == Ledger(
        published=3,
        acknowledged=3,
        expected=6,
        received=6,
        lost=0,
        lost_acknowledged=0,
        duplicated=0,
        reordered=0,
    )


def test_a_run_without_messages() -> None:
    assert settle(samples(5, [], []), ()) == Ledger(0, 0, 0, 0, 0, 0, 0, 0)


def test_what_never_came_is_lost_and_of_the_acknowledged_it_is_said_apart() -> None:
    found = settle(samples(3, [0, 1], [(0, 0), (1, 0), (0, 1)]), [0])
    assert (found.expected, found.received, found.lost) == (6, 3, 3)
    assert (found.acknowledged, found.lost_acknowledged) == (1, 1)


def test_a_message_that_was_never_sent_is_not_expected() -> None:
    found = settle(samples(2, [0, NEVER_SENT, 2], [(0, 0), (1, 0), (0, 2), (1, 2)]), {0, 2})
    assert (found.published, found.expected, found.received, found.lost) == (2, 4, 4, 0)
    assert found.reordered == 0


def test_an_acknowledgement_of_a_message_never_sent_is_no_promise() -> None:
    found = settle(samples(2, [0, NEVER_SENT], []), [0, 1, 9, 0])
    assert (found.acknowledged, found.lost_acknowledged) == (1, 2)


def test_a_delivery_that_comes_again_is_doubled_and_not_received_twice() -> None:
    found = settle(samples(2, [0, 1], [(0, 0), (0, 0), (0, 0), (1, 0)]), ())
    assert (found.received, found.duplicated, found.lost) == (2, 2, 2)


def test_arrivals_of_what_nobody_sent_or_expected_are_counted_and_not_dropped() -> None:
    found = settle(samples(1, [0, NEVER_SENT], [(0, 0), (0, 1), (0, 7), (3, 0)]), ())
    assert (found.received, found.duplicated, found.lost) == (1, 3, 0)


def test_a_message_after_a_higher_number_is_out_of_order_at_that_client_only() -> None:
    found = settle(samples(2, [0, 1, 2], [(0, 2), (0, 0), (0, 1), (1, 0), (1, 1), (1, 2)]), ())
    assert (found.reordered, found.duplicated, found.lost) == (2, 0, 0)


def test_a_doubled_delivery_is_not_out_of_order_too() -> None:
    found = settle(samples(1, [0, 1], [(0, 0), (0, 1), (0, 0)]), ())
    assert (found.reordered, found.duplicated) == (0, 1)


def test_a_hole_is_not_out_of_order() -> None:
    assert settle(samples(1, [0, 1, 2], [(0, 0), (0, 2)]), ()).reordered == 0


def test_the_counts_bear_the_names_they_have_in_a_run() -> None:
    assert set(Ledger._fields) < set(Run.__struct_fields__)


def test_a_million_arrivals_balance() -> None:
    made = Samples(1_000, range(1_000), range(1_000))
    made.client = array("I", list(range(1_000)) * 1_000)
    made.message = array("I", [message for message in range(1_000) for _ in range(1_000)])
    made.received_ns = array("q", [0]) * 1_000_000
    found = settle(made, range(1_000))
    assert (found.expected, found.received, found.lost_acknowledged) == (1_000_000, 1_000_000, 0)


@given(
    st.integers(1, 4),
    st.lists(st.sampled_from([NEVER_SENT, 5]), max_size=6),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), max_size=40),
    st.sets(st.integers(0, 6)),
)
def test_the_ledger_always_balances(
    clients: int, sent_ns: list[int], arrivals: list[tuple[int, int]], acknowledged: set[int]
) -> None:
    found = settle(samples(clients, sent_ns, arrivals), acknowledged)
    assert found.expected == found.published * clients == found.received + found.lost
    assert len(arrivals) == found.received + found.duplicated
    assert 0 <= found.lost_acknowledged <= found.lost
    assert found.acknowledged <= found.published
    assert 0 <= found.reordered <= found.received
    assert min(found) >= 0
