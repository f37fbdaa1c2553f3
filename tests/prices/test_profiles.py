"""Profiles of generation and load: units, shares of a capacity, and steps that are those of the prices by label."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cell2grid.errors import PriceError
from cell2grid.prices import Profile, aligned, read_profile, resampled, synthetic_year


def written(tmp_path: Path, header: str, *powers: str) -> Path:
    path = tmp_path / "sun.csv"
    rows = (f"2025-06-01T{hour:02}:00Z,{power}\n" for hour, power in enumerate(powers or ("0", "50")))
    path.write_text(f"timestep,{header}\n" + "".join(rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("header", "options", "power"),
    [
        ("pv [MW]", {}, [0.0, 50.0]),
        ("pv [kW]", {}, [0.0, 0.05]),
        ("pv", {"unit": "GW"}, [0.0, 50_000.0]),
        ("pv [%]", {"capacity": 80.0}, [0.0, 40.0]),
        ("percent", {"capacity": 80.0}, [0.0, 40.0]),
    ],
)
def test_powers_are_in_mw(tmp_path: Path, header: str, options: dict[str, object], power: list[float]) -> None:
    profile = read_profile(written(tmp_path, header), **options)
    np.testing.assert_allclose(profile.power, power, rtol=1e-12)
    assert profile.name == "sun"


def test_a_column_is_named_where_there_are_several(tmp_path: Path) -> None:
    path = tmp_path / "site.csv"
    path.write_text("timestep,sun [kW],load [MW]\n2025-06-01T00Z,500,2\n2025-06-01T01Z,0,3\n")
    assert read_profile(path, column="sun").power.tolist() == [0.5, 0.0]
    assert read_profile(path, column="load").power.tolist() == [2.0, 3.0]
    with pytest.raises(
        PriceError, match=r"2 columns stand beside the stamps \('sun \[kW\]', 'load \[MW\]'\); name one"
    ):
        read_profile(path)


@pytest.mark.parametrize(
    ("header", "powers", "options", "words"),
    [
        (
            "pv",
            ("1", "2"),
            {},
            r"column 'pv' does not say its unit; write it in the header, as in 'pv \[MW\]'.* --pv-capacity",
        ),
        ("pv", ("1", "2"), {"unit": "MWh"}, "unit 'MWh' is none of power"),
        ("pv [MW]", ("1", "2"), {"unit": "kW"}, "the header says mw, and the unit given is kw"),
        ("pv [share]", ("0.1", "0.2"), {}, "shares of a capacity, which is None"),
        ("pv [share]", ("0.1", "0.2"), {"capacity": 0.0}, "shares of a capacity, which is 0.0"),
        ("pv [share]", ("0.1", "1.2"), {"capacity": 10.0}, r"sun\.csv:3: share 1.2 is above the whole capacity"),
        ("pv [MW]", ("1", "-2"), {}, r"sun\.csv:3: power '-2' is below 0"),
        ("pv [MW]", ("1", ""), {}, r"sun\.csv:3: the power is missing"),
        ("pv [MW]", ("1", "inf"), {}, r"sun\.csv:3: power 'inf' is not a number"),
    ],
)
def test_what_is_wrong_is_refused(
    tmp_path: Path, header: str, powers: tuple[str, ...], options: dict[str, object], words: str
) -> None:
    with pytest.raises(PriceError, match=words):
        read_profile(written(tmp_path, header, *powers), **options)


YEAR = synthetic_year(1)


def profile(**changes: object) -> Profile:
    whole = Profile(timestep=YEAR.timestep, step_hours=YEAR.step_hours, power=np.arange(8760.0), name="sun")
    return replace(whole, **changes)


def test_a_profile_of_the_same_steps_stands_beside_the_prices() -> None:
    assert aligned(profile(), YEAR).tolist() == np.arange(8760.0).tolist()


def test_a_longer_profile_is_cut_by_label_and_only_if_asked() -> None:
    june = YEAR.part(3624, 4344)
    with pytest.raises(
        PriceError, match="sun: timestep 0 of the profile begins at 2025-01-01 00:00 UTC, that of the pri"
    ):
        aligned(profile(), june)
    assert aligned(profile(), june, cut=True).tolist() == np.arange(3624.0, 4344.0).tolist()
    january = YEAR.part(0, 744)
    with pytest.raises(
        PriceError, match="timestep 744 of the profile at 2025-02-01 00:00 UTC is beyond the prices; ask"
    ):
        aligned(profile(), january)


@pytest.mark.parametrize("cut", [False, True])
def test_a_shorter_profile_is_refused_with_the_first_step_that_is_missing(cut: bool) -> None:
    short = profile().part(0, 100)
    with pytest.raises(
        PriceError, match="timestep 100 of the profile is missing, the prices have one at 2025-01-05 04:00"
    ):
        aligned(short, YEAR, cut=cut)
    late = profile().part(10, 8760)
    with pytest.raises(PriceError, match="timestep 0 of the profile begins at 2025-01-01 10:00"):
        aligned(late, YEAR, cut=cut)


def test_another_resolution_is_refused_and_resampled_fits() -> None:
    quarters = resampled(YEAR, 15)
    with pytest.raises(
        PriceError, match=r"timestep 0 of the profile lasts 60 min, that of the prices 15 min; .*resample"
    ):
        aligned(profile(), quarters)
    assert aligned(resampled(profile(), 15), quarters).size == 35_040


def test_a_clock_that_is_not_named_is_what_is_said() -> None:
    shifted = profile(timestep=YEAR.timestep - np.timedelta64(3600, "s"), offsets=True)
    with pytest.raises(PriceError, match=r"the prices have stamps without offset.*--timezone"):
        aligned(shifted, YEAR)
