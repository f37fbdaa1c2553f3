"""What stands at the grid connection beside the asset: what a battery power means for export, curtailment and money.

Generation may be curtailed, the load must be served, and one meter counts what is left over, so that a step imports
or exports and never both. Arrays are by timestep, or by (timestep, power) where the powers have a second dimension.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch import fall
from cell2grid.engines.dispatch.case import Case
from cell2grid.errors import InfeasibleError

Floats = npt.NDArray[np.float64]


def generation(case: Case) -> Floats:
    """What sun and wind could give [MW]."""
    return np.zeros(len(case.price)) if case.generation is None else case.generation


def load(case: Case) -> Floats:
    """What must be served [MW], the asset's auxiliary load among it."""
    return np.zeros(len(case.price)) if case.load is None else case.load


def export_limit(case: Case) -> Floats:
    """The most power to the grid [MW]; infinite where there is no limit."""
    return np.full(len(case.price), np.inf) if case.export_limit is None else case.export_limit


def import_limit(case: Case) -> Floats:
    """The most power from the grid [MW]; infinite where there is no limit."""
    return np.full(len(case.price), np.inf) if case.import_limit is None else case.import_limit


def power_range(case: Case) -> tuple[Floats, Floats]:
    """The least and the most power from the asset to the site [MW]; charging is below zero.

    Raises
    ------
    InfeasibleError
        The load of a step cannot be served, whatever is stored.
    """
    need = load(case) - generation(case) - import_limit(case)
    least = np.maximum(-case.charge_limit, need)
    most = np.minimum(case.discharge_limit, export_limit(case) + load(case))
    # rounding alone does not leave a load unserved
    short = least - most > 1e-9 * np.maximum(1.0, np.abs(most))
    if short.any():
        t = int(np.argmax(short))
        served = import_limit(case)[t] + generation(case)[t] + case.discharge_limit[t]
        raise InfeasibleError(
            f"storage asset: the load of timestep {t} is {load(case)[t]:g} MW, and import limit, generation and "
            f"discharge limit give at most {served:g} MW; raise one of them, or lower the load"
        )
    return least, np.maximum(most, least)


def net_export(case: Case, power: Floats) -> Floats:
    """The power to the grid [MW], below zero from it, after the curtailment that earns the most.

    ``power`` is what the asset sends, below zero what it takes [MW].
    """
    if case.generation is None:
        # nothing can be curtailed, and the limits are those of the power
        return power if case.load is None else power - (case.load[:, None] if power.ndim == 2 else case.load)
    low, high = export_range(case, power)
    *_, sell, buy = _shaped(case, power)
    if case.price_fall is not None:
        return np.clip(fall.best_export(case.price_fall, sell, buy), low, np.maximum(high, low))
    best = np.where(sell >= 0.0, high, np.clip(0.0, low, np.maximum(high, low)))
    # paid for taking: everything of one's own is curtailed first
    return np.where(buy < 0.0, np.where(sell > buy, _better(low, high, sell, buy), low), best)


def export_range(case: Case, power: Floats) -> tuple[Floats, Floats]:
    """The least and the most power to the grid that curtailment leaves to choose from at ``power`` [MW]."""
    sun, used, out, in_, *_ = _shaped(case, power)
    before = sun - used + power
    return np.maximum(-in_, before - sun), np.minimum(out, before)


def money_rate(case: Case, power: Floats) -> Floats:
    """What the site earns in an hour with the asset at ``power`` [currency/hour]."""
    export = net_export(case, power)
    if case.price_fall is not None:
        return np.where(export >= 0.0, case.sell_price, case.buy_price) * export - fall.cost(case.price_fall, export)
    if case.buy_adder is None and case.sell_adder is None:
        return export * (case.price[:, None] if power.ndim == 2 else case.price)
    *_, sell, buy = _shaped(case, power)
    rate: Floats = np.where(export >= 0.0, sell * export, buy * export)
    return rate


def marginal_rate(case: Case, power: Floats) -> Floats:
    """What one more MWh from the asset earns the site, within a piece that ``power`` lies inside [currency/MWh]."""
    sun, used, out, in_, sell, buy = _shaped(case, power)
    before = sun - used + power
    if case.price_fall is not None:
        return _falling_rate(case, before)
    rising = np.where(before > out, 0.0, np.where(before > 0.0, sell, buy))
    between = np.where(before < 0.0, buy, np.where(before < sun, 0.0, sell))
    falling = np.where(before - sun < -in_, 0.0, np.where(before - sun < 0.0, buy, sell))
    marginal: Floats = np.where(buy < 0.0, falling, np.where(sell >= 0.0, rising, between))
    return marginal


def breakpoints(case: Case) -> list[Floats]:
    """The powers of the asset at which what a MWh earns may change [MW]; one array a kind."""
    sun, used = generation(case), load(case)
    out, in_ = export_limit(case), import_limit(case)
    own = used - sun
    points = [own, own + out]
    if case.generation is not None:
        points += [used, used - in_]
    if case.price_fall is not None:
        edges = fall.edges(case.price_fall).T
        points += [own + edge for edge in edges]
        points += [used + edge for edge in edges] if case.generation is not None else []
    return points


def curves_are_plain(case: Case) -> bool:
    """Whether the site's money is one curve of those above: no step is paid both for taking and for sending more."""
    if case.generation is None:
        return True
    if case.price_fall is not None:
        return not np.any(case.sell_price > case.buy_price)
    return not np.any((case.sell_price > case.buy_price) & (case.buy_price < 0.0) & (case.sell_price > 0.0))


def _falling_rate(case: Case, before: Floats) -> Floats:
    """The ``marginal_rate`` where the price falls with export, which is ``before`` with nothing curtailed [MW]."""
    assert case.price_fall is not None
    sell, buy = case.sell_price, case.buy_price
    if case.generation is None:
        return fall.rate(case.price_fall, sell, buy, before)
    least, most, best = before - case.generation[:, None], before, fall.best_export(case.price_fall, sell, buy)
    rising = np.where(most > export_limit(case)[:, None], 0.0, fall.rate(case.price_fall, sell, buy, most))
    falling = np.where(least < -import_limit(case)[:, None], 0.0, fall.rate(case.price_fall, sell, buy, least))
    between: Floats = np.where(least > best[:, None], falling, 0.0)
    return np.where(most < best[:, None], rising, between)


def _shaped(case: Case, power: Floats) -> tuple[Floats, ...]:
    parts = (
        *(generation(case), load(case), export_limit(case), import_limit(case)),
        *(case.sell_price, case.buy_price),
    )
    return tuple(part[:, None] for part in parts) if power.ndim == 2 else parts


def _better(low: Floats, high: Floats, sell: Floats, buy: Floats) -> Floats:
    """Whichever of the two exports earns more."""

    def earned(export: Floats) -> Floats:
        rate: Floats = np.where(export >= 0.0, sell * export, buy * export)
        return rate

    return np.where(earned(high) > earned(low), high, low)
