"""Service files: those that ship, a user's own, and what is wrong with them by line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from cell2grid.errors import StudyError
from cell2grid.study.quantity import figures
from cell2grid.study.service_file import parse_services, read_services, shipped_services


def test_each_service_that_ships_has_a_source_for_every_figure_and_no_price() -> None:
    services = shipped_services()
    assert {"fcr", "afrr-up", "afrr-down", "us-regulation-up", "us-regulation-down"} <= set(services)
    assert {"us-spinning-reserve", "dynamic-containment-low", "dynamic-containment-high"} <= set(services)
    for file in services.values():
        cited = {reference.source for _, figure in figures(file) for reference in figure.sources}
        assert all(figure.sources for _, figure in figures(file))
        assert cited - {None} == set(file.sources)
        assert file.service.title


def test_fcr_is_symmetric_and_sold_in_blocks_of_four_hours() -> None:
    fcr = shipped_services()["fcr"].service
    assert fcr.direction == "symmetric"
    assert fcr.block is not None
    assert fcr.block.to("hour").mode == 4.0
    assert fcr.duration is not None
    assert fcr.duration.to("minute").mode == 15.0


def test_an_entry_takes_from_a_service_that_ships_what_it_does_not_say() -> None:
    first, second = parse_services(
        """
services:
  - {service: afrr-up, price: 9 EUR/MW/hour, maximum: 20 MW, called_up: {share: 2 percent}}
  - {service: afrr-up, name: dear, price: 30 EUR/MW, called_up: {price: 150 EUR/MWh}, duration: 30 min}
"""
    )
    assert (first.name, second.name) == ("afrr-up", "dear")
    assert first.terms.maximum is not None
    assert first.terms.called_up is not None
    assert (first.terms.called_up.share.to("ratio").mode, first.terms.called_up.paid) == (0.02, "market")  # type: ignore[union-attr]
    assert second.terms.called_up is not None
    assert second.terms.called_up.share.to("ratio").mode == pytest.approx(0.1)  # type: ignore[union-attr]
    assert second.terms.called_up.paid is None
    assert second.terms.duration.to("hour").mode == 0.5  # type: ignore[union-attr]
    assert second.terms.minimum.to("MW").mode == 1.0  # type: ignore[union-attr]


def test_a_service_of_ones_own_needs_a_direction_and_a_duration() -> None:
    own = parse_services(
        """
services:
  - name: mine
    direction: symmetric
    duration: 1 hour
    duration_down: 2 hour
    prices: {file: mine.csv, column: price}
sources: {a: {title: A, publisher: B, date: 2025}}
"""
    )[0]
    assert own.terms.block is None
    with pytest.raises(StudyError, match=r"'direction' is missing.*\n.*'duration' is missing"):
        parse_services("services: [{name: mine, price: 8 EUR/MW/hour}]")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            "service: fcrr, price: 8 EUR/MW/hour",
            "1:22: services.0.service: no service 'fcrr' ships",
        ),
        ("service: fcr, price: 8 EUR/MWh", "1:34: services.0.price: '8 EUR/MWh' is not money per MW and hour"),
        ("service: fcr, price: 8 MW", "services.0.price: '8 MW' is not money"),
        ("service: fcr, price: 8", "services.0.price: 8 has no unit"),
        ("service: fcr", "has no price"),
        ("service: fcr, price: 8 EUR/MW/hour, prices: {file: a.csv}", "both 'price' and 'prices'"),
        ("service: fcr, price: 8 .. 9 EUR/MW/hour", "is not one number"),
        ("service: fcr, price: 8 EUR/MW/hour, colour: red", "services.0.colour: this key is not known"),
        ("service: fcr, prices: {file: a.csv, colum: up}", "services.0.prices.colum: this key is not known"),
        ("service: fcr, prices: {file: a.csv, unit: EUR/MWh}", "'EUR/MWh' is not money per MW and hour"),
        ("service: fcr, price: '8 EUR/MW/hour [nobody]'", "'nobody' is not in sources"),
        ("price: 8 EUR/MW/hour, direction: up, duration: 1 hour", "has no name"),
        (
            "name: a, price: 8 EUR/MW, direction: up, duration: 1 hour",
            "is the price of a block, and the service has none",
        ),
        ("service: fcr, price: 8 EUR/MW/hour, duration: 3 MW", "a quantity in hour belongs here"),
        ("service: fcr, price: 8 EUR/MW/hour, minimum: -1 MW", "below 0 MW"),
        ("service: fcr, price: 8 EUR/MW/hour, minimum: 3 MW, maximum: 2 MW", "above the maximum of 2 MW"),
        ("service: fcr, price: 8 EUR/MW/hour, block: 0 hour", "'0 hour' is not above 0"),
        ("service: fcr, price: 8 EUR/MW/hour, block_begins: '25:00'", "'25:00' is not a clock time"),
        ("service: fcr, price: 8 EUR/MW/hour, direction: sideways", "'sideways' is not one of up, down, symmetric"),
        ("service: fcr, price: 8 EUR/MW/hour, called_up: {share: 120 percent}", "above 100 percent"),
        ("service: fcr, price: 8 EUR/MW/hour, called_up: {paid: none, adder: 3 EUR/MWh}", "two prices of one call"),
        ("service: fcr, price: 8 EUR/MW/hour, called_up: {price: 3 EUR/MW}", "is not money per MWh"),
        ("service: afrr-up, price: 8 EUR/MW/hour, called_down: {share: 3 percent}", "takes no called_down"),
        ("service: afrr-up, price: 8 EUR/MW/hour, duration_down: 1 hour", "duration_down is for a symmetric"),
        ("service: afrr-up, price: 8 EUR/MW/hour, direction: down", "takes no called_up"),
        ("service: fcr, price: 8 EUR/MW/hour, mileage: {ratio: 3 ratio/hour}", "mileage: has no price"),
        ("service: fcr, price: 8 EUR/MW/hour, mileage: {ratio: 3 MW, price: 1 EUR/MW}", "is not in ratio/hour"),
        ("service: fcr, price: 8 EUR/MW/hour, mileage: {ratio: 3 ratio/hour, price: 1 EUR/MWh}", "not money per MW"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_key(entry: str, words: str) -> None:
    with pytest.raises(StudyError) as refused:
        parse_services(f"services: [{{{entry}}}]")
    assert words in str(refused.value)
    assert str(refused.value).startswith("reserve:1:")


def test_one_name_stands_once() -> None:
    with pytest.raises(StudyError, match=r"2:50: services\.1: 'fcr' stands twice"):
        parse_services("\nservices: [{service: fcr, price: 8 EUR/MW/hour}, {service: fcr, price: 9 EUR/MW/hour}]")


@pytest.mark.parametrize("text", ["services: []", "services: 3", "[]", "a: 1", "", "services:\n  - 3\n"])
def test_what_is_no_list_of_services_is_refused(text: str) -> None:
    with pytest.raises(StudyError):
        parse_services(text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"none\.yaml: cannot be read"):
        read_services(tmp_path / "none.yaml")
