"""What share of the spread in NPV comes from delivery, prices, ageing, capital cost and all else.

Sobol indices by source, each a group of figures that are drawn together: the first-order index is what the variance
would fall by on average if the source were known, the total index what would be left if all others were. The design is
that of Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018, by ``scipy.stats.sobol_indices``. One figure at a time is
in ``tornado.py``. Equations: docs/formulation/sensitivity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError
from cell2grid.run.drawn.figures import Figures, MixedFigures
from cell2grid.run.sensitivity.alike import valued
from cell2grid.run.sensitivity.changes import CountedFigures
from cell2grid.run.worth.terms import Subject, members_of

Floats = npt.NDArray[np.float64]

SOURCES = ("delivery", "prices", "ageing", "capital_cost", "other")
# the beginnings of the paths that belong to a source; what belongs to none is other
_PATHS = {
    "delivery": ("commissioning",),
    "prices": ("prices",),
    "ageing": ("ageing", "technology.fade"),
    "capital_cost": ("finance.capital_cost", "finance.power_cost", "finance.site_cost", "finance.learning"),
}
FEWEST_SAMPLES, MOST_SAMPLES = 8, 65_536
RESAMPLES = 400
CONFIDENCE = 0.95
# an interval wider than this says little
_WIDE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A source's first-order and total index [ratio], each with its interval."""

    source: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float
    varies: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The share of every source, the spread they are shares of [currency], and what a reader must know."""

    shares: tuple[Share, ...]
    mean: float
    deviation: float
    samples: int
    valuations: int
    seed: int
    notes: tuple[str, ...]


def source_of(path: str) -> str:
    """The source that the figure at a path belongs to.

    >>> source_of("finance.capital_cost"), source_of("finance.fixed_cost"), source_of("prices.years.3")
    ('capital_cost', 'other', 'prices')
    """
    for source, beginnings in _PATHS.items():
        if any(path == beginning or path.startswith(f"{beginning}.") for beginning in beginnings):
            return source
    return "other"


def shares(
    subject: Subject,
    *,
    samples: int = 256,
    seed: int = 1,
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Shares:
    """The share of each source in the variance of NPV, with intervals that hold it in 95 of 100 cases.

    Parameters
    ----------
    samples
        Of each of the two samples that are compared; brought up to a power of two. A valuation is made for each
        sample, in both and once for every source that varies.
    seed
        Of the draws; the result does not depend on ``workers``.
    on_progress
        Called with the lives that are done and those there are.

    Raises
    ------
    InputError
        A number of samples that is none; and as ``valuing.outcome``.
    """
    if not FEWEST_SAMPLES <= samples <= MOST_SAMPLES:
        raise InputError(f"samples is {samples}, expected {FEWEST_SAMPLES} to {MOST_SAMPLES:,}; 256 is usual")
    count = 1 << (samples - 1).bit_length()
    known, notes = _delivered(subject)
    ranges = _ranges(known, seed) if known is not None else ()
    varying = [source for source in SOURCES if any(source_of(path) == source for path in ranges)]
    notes += [
        f"shares: {source} has no range in the project, so its share is 0"
        for source in SOURCES
        if source not in varying
    ]
    if known is None or not varying:
        notes.append("shares: nothing varies, so there is no spread to share out")
        return _nothing(count, seed, notes)
    worths = _worths(known, ranges, varying, count, seed, workers, on_progress)
    return _shared(worths, varying, count, seed, notes)


def _delivered(subject: Subject) -> tuple[Subject | None, list[str]]:
    """The subject as it is where it is delivered at all, for a project that is not has no NPV."""
    if subject.delivered is None or not np.isnan(subject.delivered).any():
        return subject, []
    there = subject.delivered[np.isfinite(subject.delivered)]
    missing = 1.0 - there.size / subject.delivered.size
    said = f"shares: {missing:.1%} of members are never delivered and have no NPV; the shares are those of the others"
    return (replace(subject, delivered=there) if there.size else None), [said]


def _ranges(subject: Subject, seed: int) -> tuple[str, ...]:
    """The paths of all that is drawn, those of one source side by side."""
    figures = CountedFigures(seed, first=0, count=2)
    members_of(subject, figures)
    steady = subject.delivered is not None and np.unique(subject.delivered).size == 1
    paths = [path for path in figures.ranges if not (steady and path == "commissioning")]
    return tuple(sorted(paths, key=lambda path: (SOURCES.index(source_of(path)), path)))


class _Sequence(Figures):
    """Members from a scrambled Sobol sequence, which fills the ranges more evenly than draws do."""

    def __init__(self, seed: int, columns: Mapping[str, Floats]) -> None:
        super().__init__(seed, first=0, count=len(next(iter(columns.values()))))
        self._columns = columns

    def share(self, path: str) -> Floats:
        """The column of the path; a draw for one that has none."""
        return self._columns[path] if path in self._columns else super().share(path)


def _samples(ranges: Sequence[str], count: int, seed: int) -> tuple[Figures, Figures]:
    """Two samples of the same members, independent of each other."""
    from scipy.stats import qmc

    table = qmc.Sobol(2 * len(ranges), scramble=True, rng=np.random.default_rng(seed)).random(count)
    # the highest number below 1 stands for what rounding made 1
    table = np.minimum(table, np.nextafter(1.0, 0.0))
    one = {path: table[:, place] for place, path in enumerate(ranges)}
    other = {path: table[:, len(ranges) + place] for place, path in enumerate(ranges)}
    return _Sequence(seed, one), _Sequence(seed, other)


def _worths(
    subject: Subject,
    ranges: Sequence[str],
    varying: Sequence[str],
    count: int,
    seed: int,
    workers: int,
    on_progress: Callable[[int, int], None],
) -> Floats:
    """The NPV by (sample, member): of the first, the second, and the first with each source of the second in turn.

    With one source that varies, the second is not needed: all the spread is that source's.
    """
    one, other = _samples(ranges, count, seed)
    asked: list[Figures] = [one]
    if len(varying) > 1:
        asked.append(other)
        asked += [MixedFigures(one, other, partial(_is_of, source)) for source in varying]
    members = [members_of(subject, figures) for figures in asked]
    found = valued(members, workers=workers, on_progress=on_progress)
    return np.stack([outcome.arrays["npv"].values[:, 0] for outcome in found])


def _is_of(source: str, path: str) -> bool:
    return source_of(path) == source


def _shared(worths: Floats, varying: Sequence[str], count: int, seed: int, notes: list[str]) -> Shares:
    """The indices of what was valued."""
    first = worths[0]
    mean, deviation = float(first.mean()), float(first.std())
    if deviation <= 1e-12 * max(abs(mean), 1e-12):
        said = "shares: what has a range does not move the NPV, so there is no spread to share out"
        return replace(_nothing(count, seed, [*notes, said]), mean=mean, valuations=int(worths.size))
    if len(varying) == 1:
        found = {varying[0]: _known(varying[0], 1.0)}
    else:
        found = _indices(worths, varying, seed)
        wide = [share.source for share in found.values() if share.total_high - share.total_low > _WIDE]
        if wide:
            notes.append(f"shares: {count} samples leave the share of {', '.join(wide)} wide; take more of them")
    return Shares(
        shares=tuple(found.get(source, _known(source, 0.0)) for source in SOURCES),
        mean=mean, deviation=deviation, samples=count, valuations=int(worths.size), seed=seed, notes=tuple(notes),
    )  # fmt: skip


def _known(source: str, share: float) -> Share:
    """A share that needs no estimate: all of the spread, or nothing of it where the source has no range."""
    return Share(
        source=source, first=share, first_low=share, first_high=share, total=share, total_low=share, total_high=share,
        varies=share > 0.0,
    )  # fmt: skip


def _nothing(count: int, seed: int, notes: Sequence[str]) -> Shares:
    bare = tuple(_known(source, 0.0) for source in SOURCES)
    nothing = float("nan")
    return Shares(shares=bare, mean=nothing, deviation=0.0, samples=count, valuations=0, seed=seed, notes=tuple(notes))


def _indices(worths: Floats, varying: Sequence[str], seed: int) -> dict[str, Share]:
    """Both indices of every source that varies, with the quantiles of those of resampled members."""
    estimated = indices(worths[0], worths[1], worths[2:])
    generator = np.random.default_rng(seed)
    count = worths.shape[1]
    again = np.stack([
        indices(*_parts(worths[:, generator.integers(0, count, count)])) for _ in range(RESAMPLES)
    ])  # fmt: skip
    tail = (1.0 - CONFIDENCE) / 2.0
    low, high = np.quantile(again, (tail, 1.0 - tail), axis=0)
    return {
        source: Share(
            source=source,
            first=float(estimated[0, place]),
            first_low=float(low[0, place]),
            first_high=float(high[0, place]),
            total=float(estimated[1, place]),
            total_low=float(low[1, place]),
            total_high=float(high[1, place]),
        )
        for place, source in enumerate(varying)
    }


def _parts(worths: Floats) -> tuple[Floats, Floats, Floats]:
    return worths[0], worths[1], worths[2:]


def indices(one: Floats, other: Floats, mixed: Floats) -> Floats:
    """First-order and total indices by (kind, source) from the values of two samples and of their mixtures.

    With c = corr(A, B), which is 0 but for chance, and the mixture i, the first sample with source i of the second:
    S_i = (corr(B, AB_i) - c) / (1 - c) and T_i = (1 - corr(A, AB_i)) / (1 - c). Correlations as Glen and Isaacs (2012)
    take them, doi:10.1016/j.envsoft.2012.03.014: sure of small and of large shares with few samples.

    Parameters
    ----------
    one, other
        Values by member of two samples, a power of two of them.
    mixed
        By (source, member), of two sources or more.

    >>> from scipy.stats import qmc
    >>> table = qmc.Sobol(4, rng=np.random.default_rng(1)).random(256)
    >>> a, b = table[:, :2], table[:, 2:]
    >>> value = lambda x, y: 2.0 * x + y
    >>> mixed = np.stack([value(b[:, 0], a[:, 1]), value(a[:, 0], b[:, 1])])
    >>> indices(value(*a.T), value(*b.T), mixed).round(2).tolist()
    [[0.8, 0.2], [0.8, 0.2]]
    """
    from scipy.stats import sobol_indices

    values = {"f_A": one[None], "f_B": other[None], "f_AB": mixed[:, None]}
    found = sobol_indices(func=values, n=len(one), method=_by_correlation)  # type: ignore[arg-type]
    return np.stack([found.first_order, found.total_order])


def _by_correlation(f_A: Floats, f_B: Floats, f_AB: Floats) -> tuple[Floats, Floats]:
    """The indices by (output, source), of which there is one output."""
    chance = float(np.corrcoef(f_A[0], f_B[0])[0, 1])
    first = np.array([np.corrcoef(f_B[0], mixed[0])[0, 1] - chance for mixed in f_AB]) / (1.0 - chance)
    total = np.array([1.0 - np.corrcoef(f_A[0], mixed[0])[0, 1] for mixed in f_AB]) / (1.0 - chance)
    return first[None], total[None]
