"""Which ramp curves the counts bear out: Akaike's criterion with its correction for few counts, and what it cannot say.

Two curves are set apart where one is ``EVIDENCE`` times as likely as the other, by their Akaike weights (Burnham and
Anderson 2002, doi:10.1007/b97636). Counts too few for the criterion set a curve apart only where it misses them
grossly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cell2grid.formulas.ramp_fit.fitting import Fit, named

EVIDENCE = 20.0
GROSS = 0.5  # a root mean square miss of half of what was counted
_WHOLE = 0.999
_BELOW = 0.95  # of nameplate; a plateau nearer to it is nameplate for all that counts can say


@dataclass(frozen=True, slots=True)
class Verdict:
    """The best curve, where one can be named; the weight of each that was judged; who cannot be told apart; and words.

    ``supply_or_demand`` is ``cannot be told``, ``still growing``, ``settled below nameplate`` or ``at nameplate``; None
    where no nameplate is known.
    """

    best: str | None
    weights: dict[str, float | None]
    cannot_be_told_apart: tuple[str, ...]
    more_parameters_than_counts: tuple[str, ...]
    as_many_parameters_as_counts: tuple[str, ...]
    supply_or_demand: str | None
    sentences: tuple[str, ...]


def verdict(fitted: Sequence[Fit], *, nameplate: bool, last: float) -> Verdict:
    """What the fits of the same counts say, and what they do not.

    Parameters
    ----------
    last
        The day, from the opening, on which the last count ends.
    nameplate
        Whether the nameplate is known, so that a plateau below it means something.
    """
    judged = {named(fit.curve, fit.level): fit.aicc for fit in fitted if fit.aicc is not None}
    least = min(judged.values(), default=0.0)
    odds = {name: float(np.exp(min((aicc - least) / 2, 700.0))) for name, aicc in judged.items()}
    total = sum(1 / each for each in odds.values())
    weights = {name: 1 / odds[name] / total if name in odds else None for name in _names(fitted)}
    alike = [fit for fit in fitted if _alike(fit, odds) and not _whole(fit)]
    best = min(judged, key=lambda name: judged[name]) if judged else None
    more = tuple(named(fit.curve, fit.level) for fit in fitted if fit.spare < 0)
    as_many = tuple(named(fit.curve, fit.level) for fit in fitted if fit.spare == 0)
    supply = _supply_or_demand(alike, last) if nameplate else None
    return Verdict(
        best=best,
        weights=weights,
        cannot_be_told_apart=tuple(_names(alike)) if len(alike) > 1 else (),
        more_parameters_than_counts=more,
        as_many_parameters_as_counts=as_many,
        supply_or_demand=supply,
        sentences=tuple(_sentences(fitted, alike, best, more, as_many, supply)),
    )


def _names(fitted: Sequence[Fit]) -> list[str]:
    return [named(fit.curve, fit.level) for fit in fitted]


def _alike(fit: Fit, odds: dict[str, float]) -> bool:
    name = named(fit.curve, fit.level)
    return odds[name] < EVIDENCE if name in odds else fit.miss < GROSS


def _whole(fit: Fit) -> bool:
    """Whether it is the same curve to nameplate, told with a parameter more."""
    return fit.level == "plateau" and fit.parameters["level"].value >= _WHOLE


def _supply_or_demand(alike: Sequence[Fit], last: float) -> str:
    below = [fit for fit in alike if fit.level == "plateau" and fit.parameters["level"].value < _BELOW]
    growing = [fit for fit in alike if fit.level == "nameplate" and fit.reached.value > last]
    if below and growing:
        return "cannot be told"
    if below:
        return "settled below nameplate"
    return "still growing" if growing else "at nameplate"


def _sentences(
    fitted: Sequence[Fit],
    alike: Sequence[Fit],
    best: str | None,
    more: Sequence[str],
    as_many: Sequence[str],
    supply: str | None,
) -> list[str]:
    number = fitted[0].count
    counts = f"{number} count{'s' if number != 1 else ''}"
    said = []
    if len(alike) > 1:
        said.append(f"{_listed(_names(alike))} cannot be told apart by {counts}.")
    elif best is not None and len(alike) == 1 and best == _names(alike)[0]:
        said.append(f"{best} is borne out: every other curve is less likely by {EVIDENCE:g} to 1 or more.")
    if not alike:
        said.append(f"No curve tells the {counts}: each misses them by half or more.")
    elif min(fit.miss for fit in alike) > GROSS / 2:
        said.append(f"No curve tells the counts well: the best misses by {min(fit.miss for fit in alike):.0%}.")
    if more:
        said.append(f"More parameters than counts: {_listed(more)}; they fit whatever was counted.")
    if as_many:
        said.append(
            f"As many parameters as counts: {_listed(as_many)}; they fit whatever was counted, without interval."
        )
    if best is None:
        said.append(f"{counts[0].upper()}{counts[1:]} are too few for AICc, which needs three more than parameters.")
    words = _on_supply(alike, supply, counts)
    return [*said, words] if words else said


def _on_supply(alike: Sequence[Fit], supply: str | None, counts: str) -> str | None:
    levels = [fit.parameters["level"].value for fit in alike if fit.level == "plateau"]
    if supply == "cannot be told":
        return (
            f"{counts[0].upper()}{counts[1:]} cannot tell supply from demand: a plant that is still on its way to"
            f" nameplate and one that has settled at {min(levels):.0%} of it, for want of orders or of lines, would"
            " both have made as much."
        )
    if supply == "settled below nameplate":
        return (
            f"Output has settled at {min(levels):.0%} of nameplate; what was made does not say whether orders or the"
            " plant hold it there."
        )
    return None


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
