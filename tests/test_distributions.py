"""Distributions in quantities: how they are written, what they stand for, and what they refuse."""

import pytest

from cell2grid.distributions import Distribution
from cell2grid.errors import UnitError
from cell2grid.units import parse_magnitude


def test_a_cut_normal_is_told_in_another_unit():
    """2 ± 0.5 years, cut at 1 and 3, are 24 ± 6 months, cut at 12 and 36; its middle is its mean.

    Two deviations leave 95.45 % between; a tenth of it lies below Phi(z) = 0.02275 + 0.09545, so z = -1.184.
    """
    found = parse_magnitude("normal(2, 0.5, 1, 3) year", unit="month")
    assert (found.low, found.mode, found.high) == pytest.approx((12.0, 24.0, 36.0))
    assert found.distribution == Distribution("normal", (24.0, 6.0, 12.0, 36.0))
    assert found.ends == pytest.approx((24.0 - 1.184 * 6.0, 24.0 + 1.184 * 6.0), abs=0.01)


@pytest.mark.parametrize(
    ("text", "low", "middle", "high"),
    [
        ("uniform(100,200) MW", 100.0, 150.0, 200.0),
        ("triangular(1, 2, 6) year", 1.0, 2.0, 6.0),
        ("pert(1, 2, 6)", 1.0, 2.0, 6.0),
        ("empirical(5, 2, 1, 2) day", 1.0, 2.0, 5.0),
        ("normal( -4 , 0 ) degC", -4.0, -4.0, -4.0),
        ("normal(120, 10)MW", 120.0 - 82.095, 120.0, 120.0 + 82.095),
        ("normal(.5, 1e-3, 0, 1) percent", 0.5 - 0.0082095, 0.5, 0.5 + 0.0082095),
    ],
)
def test_the_least_the_middle_and_the_most(text, low, middle, high):
    found = parse_magnitude(text)
    assert (found.low, found.mode, found.high) == pytest.approx((low, middle, high), abs=1e-3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("normal(10, -2) MW", "standard deviation -2 is below 0"),
        ("normal(10, nan) MW", "'nan' is not a number"),
        ("normal(10, 1e999) MW", "is not finite"),
        ("normal(10) MW", "has 1 number(s); write normal(mean, sd)"),
        ("normal(10, 2, 15, 5) MW", "low 15 is above high 5"),
        ("normal(10, 2, 90, 95) MW", "leave 0 of the distribution"),
        ("normal(10, 0, 11, 12) MW", "leave 0 of the distribution"),
        ("lognormal(0, 2) MW", "mean 0 is not above 0"),
        ("lognormal(1e-300, 1e300) MW", "reaches beyond"),
        ("uniform(8, 3) MW", "low 8 is above high 3"),
        ("triangular(1, 9, 5) MW", "mode 9 is outside 1 to 5"),
        ("pert(1, 0, 5) MW", "mode 0 is outside 1 to 5"),
        ("empirical() MW", "has no numbers"),
        ("empirical(1, two) MW", "'two' is not a number"),
        ("normal(120 MW, 10 MW)", "the unit behind the bracket"),
        ("norml(1, 2) MW", "did you mean 'normal'?"),
        ("weibull(1, 2) MW", "the distributions are normal"),
        ("normal(10,000, 500) MW", "leave commas out of thousands"),
        ("empirical(1,500, 2,500) MW", "can be read in two ways"),
        ("normal(1, 2) parsec", "unit 'parsec' is not known"),
        ("normal(1, 2", "ends within its brackets; close them"),
        ("normal(1", "put quotes around the text where it stands in braces"),
        ("2, 3) MW", "is not a unit"),
    ],
)
def test_what_cannot_be_is_refused_with_the_number_and_the_next_step(text, said):
    with pytest.raises(UnitError) as refused:
        parse_magnitude(text)
    assert said in str(refused.value)


def test_long_and_hostile_texts_are_refused_at_once(within):
    with within(3):
        for text in (
            "normal(" * 400,
            "empirical(" + "1," * 900 + ") MW",
            "a" * 100_000,
            "pert(1,2,3)" + " " * 1900 + "?",
        ):
            with pytest.raises(UnitError):
                parse_magnitude(text)
