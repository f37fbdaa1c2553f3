"""What an asset can do with power: stored and drawn energy by power, limits by level, and the widest move of a step.

The plain arithmetic that the problem (``problem``) and the exact schedule (``exact``) share; no solver.
Equations: docs/formulation/dispatch.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.case import Case, Table
from cell2grid.errors import InputError

Floats = npt.NDArray[np.float64]

# slopes nearer than this are one slope: tables are typed with a few digits
SAME_SLOPE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Power at the grid side [MW] and the power that enters or leaves the store [MW], both rising from (0, 0)."""

    power: Floats
    store: Floats

    @property
    def rates(self) -> Floats:
        """MWh in the store per MWh at the grid, for each piece."""
        slopes: Floats = np.diff(self.store) / np.diff(self.power)
        return slopes

    def of(self, power: Floats) -> Floats:
        """The power in the store [MW] of a power at the grid [MW]."""
        if len(self.power) == 2:
            return power * float(self.rates[0])
        return np.interp(power, self.power, self.store)

    def back(self, store: Floats) -> Floats:
        """The power at the grid [MW] of a power in the store [MW]."""
        if len(self.power) == 2:
            return store / float(self.rates[0])
        return np.interp(store, self.store, self.power)

    def pieces(self, limit: Floats) -> Floats:
        """How much of each piece [MW] (timestep, piece) lies under a limit [MW] by timestep."""
        return np.clip(limit[:, None] - self.power[:-1], 0.0, np.diff(self.power))


def curves(case: Case) -> tuple[Curve, Curve]:
    """Stored by charging power, and drawn by discharging power.

    Raises
    ------
    InputError
        More power would store less, or draw less.
    """
    most_in, most_out = float(case.charge_limit.max()), float(case.discharge_limit.max())
    table_in, table_out = case.efficiency_charge_by_power, case.efficiency_discharge_by_power
    inward = _curve("efficiency_charge_by_power", table_in or ((1.0, case.efficiency_charge),), most_in, 1.0)
    outward = _curve("efficiency_discharge_by_power", table_out or ((1.0, case.efficiency_discharge),), most_out, -1.0)
    return inward, outward


def _curve(name: str, table: Table, largest: float, sign: float) -> Curve:
    points = [point for point in table if point[0] > 0.0]
    if points[-1][0] < 1.0:
        points.append((1.0, points[-1][1]))
    share = np.array([0.0, *(share for share, _ in points)]) * (largest or 1.0)
    efficiency = np.array([1.0, *(efficiency for _, efficiency in points)])
    store = share * efficiency**sign
    slopes = np.diff(store) / np.diff(share)
    if (slopes <= 0.0).any():
        step = int(np.argmax(slopes <= 0.0))
        raise InputError(
            f"storage asset: {name} at share {points[step][0]:g} and efficiency {points[step][1]:g} moves less energy "
            "than at the share before it, expected more energy with more power; mend the table"
        )
    # neighbours of one slope are one piece
    corner = np.concatenate([[True], np.abs(np.diff(slopes)) > SAME_SLOPE, [True]])
    return Curve(share[corner], store[corner])


def level_lines(name: str, table: Table | None) -> list[tuple[float, float]]:
    """The lines (at empty, slope) whose least is the share of the limit by level as a share of the energy.

    Beyond its ends the table keeps its first and last share.

    Raises
    ------
    InputError
        The table is not concave, so that no set of linear limits says the same.
    """
    if table is None:
        return []
    level, share = (np.array(column) for column in zip(*table, strict=True))
    edges = np.unique(np.concatenate([[0.0, 1.0], level]))
    value = np.interp(edges, level, share)
    slopes = np.diff(value) / np.diff(edges)
    bend = np.diff(slopes) > SAME_SLOPE
    if bend.any():
        raise InputError(
            f"storage asset: {name} bends upwards at level {edges[1 + int(np.argmax(bend))]:g}, expected a concave "
            "table, whose share falls ever faster toward its end; mend the table"
        )
    lines = {(float(v - b * e), float(b)) for e, v, b in zip(edges[:-1], value[:-1], slopes, strict=True)}
    # a line that allows the whole limit at every level is no limit
    return sorted((a, b) for a, b in lines if min(a, a + b) < 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """What the grid connection and the power limits leave of each step.

    ``charge`` and ``discharge`` [MW] are the limits of the two powers, ``least_net`` and ``most_net`` [MW] of
    discharge less charge, ``lowest`` and ``highest`` [MWh] of the change of the stored energy beside standing loss.
    """

    charge: Floats
    discharge: Floats
    least_net: Floats
    most_net: Floats
    lowest: Floats
    highest: Floats


def moves(case: Case, inward: Curve, outward: Curve) -> Moves:
    """The limits of each step of a case; ``highest`` is below ``lowest`` where a load cannot be served at all."""
    none = np.zeros(len(case.price))
    generation = none if case.generation is None else case.generation
    load = none if case.load is None else case.load
    least = np.full(len(none), -np.inf) if case.import_limit is None else load - generation - case.import_limit
    most = np.full(len(none), np.inf) if case.export_limit is None else load + case.export_limit
    charge, discharge = case.charge_limit, case.discharge_limit
    if case.mode == "exclusive":
        charge = np.clip(-least, 0.0, charge)
        discharge = np.minimum(discharge, most)
        low = -outward.of(discharge)
        high = np.where(least > 0.0, -outward.of(np.maximum(least, 0.0)), inward.of(charge))
        high = np.where(least > discharge, -np.inf, high)
    else:
        low, high = _both_at_once(charge, discharge, least, most, inward, outward)
    return Moves(charge, discharge, least, most, low * case.step_hours, high * case.step_hours)


def _both_at_once(
    charge: Floats, discharge: Floats, least: Floats, most: Floats, inward: Curve, outward: Curve
) -> tuple[Floats, Floats]:
    """The least and the most power into the store [MW], stored less drawn, where both directions may run."""
    low, high = np.full(len(charge), np.inf), np.full(len(charge), -np.inf)
    # stored less drawn is linear between the corners of the two curves and of the limits on the net power
    shifted = [edge + net for edge in (*inward.power, charge) for net in (least, most)]
    for corner in (*outward.power, discharge, *shifted):
        out = np.clip(corner, 0.0, discharge)
        into = np.minimum(charge, out - least), np.maximum(0.0, out - most)
        # a corner is where two of these meet: rounding must not put it outside
        slack = 1e-12 * np.maximum(1.0, charge + discharge)
        possible = (into[0] >= into[1] - slack) & (into[0] >= -slack) & (into[1] <= charge + slack)
        up, down = (inward.of(np.clip(part, 0.0, charge)) - outward.of(out) for part in into)
        high = np.where(possible, np.maximum(high, up), high)
        low = np.where(possible, np.minimum(low, down), low)
    return low, high
