"""The exact throughput of small lines: the known table, closed forms, and what the simulation finds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lines_at_hand import arrays

from cell2grid.engines import line
from cell2grid.engines.line import markov
from cell2grid.engines.line.markov import exact_throughput
from cell2grid.errors import InputError

# rate 1 at every station; of two stations in closed form: (b + 2) / (b + 3)
TABLE = {
    **{(2, b): (b + 2) / (b + 3) for b in range(6)},
    (3, 0): 22 / 39,
    (4, 0): 0.514775,
    (3, 1): 0.670466,
    (4, 1): 0.631153,
}


@pytest.mark.parametrize(("stations", "buffer"), TABLE)
def test_the_known_table(stations: int, buffer: int) -> None:
    found = exact_throughput(arrays([1.0] * stations, [buffer] * (stations - 1)))
    assert found == pytest.approx(TABLE[stations, buffer], abs=1e-6)


def test_two_uneven_stations_have_the_closed_form() -> None:
    """A birth and death of up to b + 2 items that are done by the first: throughput = μ (1 − 1 / Σ (λ/μ)^k)."""
    rate, other = 1.0, 0.8
    ratio = rate / other
    empty = 1.0 / sum(ratio**k for k in range(2 + 2 + 1))
    assert exact_throughput(arrays([1 / rate, 1 / other], [2])) == pytest.approx(other * (1.0 - empty), rel=1e-9)


def test_one_station_is_its_machines_less_what_is_down_and_scrapped() -> None:
    """3 machines, of which 20 in 25 s work, one item in 2 s, a tenth scrapped, a fifth done again."""
    given = arrays(
        [2.0], [], machines=3, time_between_failures=20.0, repair_mean=5.0, scrap_share=0.1, rework_share=0.2
    )
    assert exact_throughput(given) == pytest.approx(3 / 2 * 0.8 * 0.9 * 0.8, rel=1e-9)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([0.7, 1.0, 1.6]),
            st.integers(1, 2),
            st.sampled_from([0.0, 0.2]),
            st.sampled_from([0.0, 0.3]),
        ),
        min_size=1,
        max_size=3,
    ),
    st.integers(0, 2),
    st.booleans(),
)
def test_the_simulation_finds_what_the_chain_says(
    stations: list[tuple[float, int, float, float]], buffer: int, fails: bool
) -> None:
    """Within twice its interval: of a dozen lines one may well lie outside of it once."""
    means, machines, scrap, rework = (list(column) for column in zip(*stations, strict=True))
    given = arrays(
        means, [buffer] * (len(means) - 1), items=100_000, machines=machines, scrap_share=scrap, rework_share=rework,
        time_between_failures=12.0 if fails else float("inf"), repair_mean=4.0,
    )  # fmt: skip
    solved = line.solve(given)
    rate, high = float(solved["throughput"]), float(solved["throughput_high"])
    assert exact_throughput(given) == pytest.approx(rate, abs=2.5 * (high - rate))


def test_a_line_reversed_is_as_fast() -> None:
    """Of one machine a station: with two of them items overtake, and the line is not the same backward."""
    one = exact_throughput(arrays([1.0, 0.5, 2.0], [1, 0]))
    assert one == pytest.approx(exact_throughput(arrays([2.0, 0.5, 1.0], [0, 1])), rel=1e-9)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"kind": "deterministic"}, "station 'station 0': its service is deterministic; the exact throughput is known"),
        ({"batch_size": 2}, "it has a batch"),
        ({"setup_mean": 2.0}, "it has a setup"),
        (
            {"time_between_failures": 9.0, "repair_mean": 1.0, "repair_distribution": "deterministic"},
            "its repair is deterministic",
        ),
    ],
)
def test_other_lines_are_refused(more: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        exact_throughput(arrays([1.0, 1.0], [1], **more))  # type: ignore[arg-type]


def test_a_chain_too_large_is_refused_with_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markov, "MOST_STATES", 50)
    with pytest.raises(InputError, match="more than 50 states, the most whose balance is solved; simulate it"):
        exact_throughput(arrays([1.0] * 4, [3] * 3))
