"""One part of a PyPSA network, as a unit, a generator or a link: what it sets, and its numbers over the snapshots.

What a field that is missing means stands in ``pypsa_fields.yaml``. What the parts say of an asset is known in
``pypsa/reading.py`` (the unit itself) and ``pypsa/site.py`` (what stands around it).
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from cell2grid.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.study.pypsa.tables import Component

    Floats = NDArray[np.float64]


@cache
def fields() -> dict[str, Any]:
    """What becomes of each attribute of a storage unit (``used``, ``ignored``, ``refused``), of parts ``around``."""
    text = resources.files("cell2grid.study").joinpath("pypsa_fields.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


class Part:
    """The fields of one part: what is set, and its numbers, whether they change with time or not."""

    def __init__(self, kind: str, name: str, component: Component, steps: int, where: str) -> None:
        self.kind, self.name, self.component, self.steps, self.where = kind, name, component, steps, where
        rules = fields()
        self.missing = rules["missing"] if kind == "storage_units" else rules["around"][kind]["missing"]

    def given(self) -> list[str]:
        """The attributes that the part sets: of the static table where there is a value, and all its series."""
        row = self.component.static.loc[self.name]
        static = [str(name) for name, value in row.items() if not _absent(value)]
        return list(
            dict.fromkeys([*static, *(name for name, frame in self.component.series.items() if self.name in frame)])
        )

    def text(self, attribute: str) -> str | None:
        """A field that is a word."""
        value = self.component.static.get(attribute, {}).get(self.name)
        return None if _absent(value) else str(value)

    def numbers(self, attribute: str, *, finite: bool = True) -> Floats:
        """A field over the steps, and in one number where it does not change."""
        series = self.component.series.get(attribute)
        missing = self.missing.get(attribute, 0.0)
        try:
            if series is not None and self.name in series:
                values = series[self.name].to_numpy(dtype=np.float64)
                if len(values) != self.steps:
                    raise InputError(
                        f"{attribute} has {len(values)} steps, the network {self.steps} snapshots; export it again",
                        where=self.where,
                    )
            else:
                value = self.component.static.get(attribute, {}).get(self.name)
                values = np.array([missing if _absent(value) else float(_truth(value))])
        except (ValueError, TypeError):
            raise InputError(f"{attribute} is no number; correct it in PyPSA", where=self.where) from None
        if finite and np.isinf(values).any():
            raise InputError(f"{attribute} is infinite; give it a number", where=self.where)
        found: Floats = values
        return found

    def over(self, attribute: str) -> Floats:
        """A field over the steps; it may be infinite, and is NaN where a series has a gap."""
        return np.broadcast_to(self.numbers(attribute, finite=False), (self.steps,))

    def power(self, attribute: str) -> Floats:
        """A share of ``p_nom`` as power over the steps [MW]; a share of 0 is no power however large the part is."""
        share, size = self.over(attribute), self.over("p_nom")
        found: Floats = np.multiply(share, size, out=np.zeros(self.steps), where=share != 0.0)
        return found

    def number(self, attribute: str) -> float:
        """A field that must not change with time."""
        values = self.numbers(attribute)
        if np.isnan(values).any() or not (values == values[0]).all():
            step = int(np.argmax(values != values[0]))
            raise InputError(
                f"{attribute} changes with time ({values[0]:g}, then {values[step]:g} in snapshot {step}), "
                "and an asset has one; give it one number in PyPSA",
                where=self.where,
            )
        return float(values[0])

    def true(self, attribute: str) -> bool:
        """A field that is yes or no."""
        return bool(self.number(attribute))

    def odd(self) -> str | None:
        """Why a part around the unit is more than an asset can say; None where it is not."""
        for attribute, rule in fields()["around"][self.kind]["plain"].items():
            if attribute not in self.given():
                continue
            values = self.numbers(attribute, finite=False)
            wrong = ~(np.isnan(values) | (values == (np.nan if rule["value"] == "none" else float(rule["value"]))))
            if wrong.any():
                return f"{rule['why']} ({attribute} {values[int(np.argmax(wrong))]:g})"
        return None


def _absent(value: object) -> bool:
    return (
        value is None or (isinstance(value, float) and value != value) or (isinstance(value, str) and not value.strip())
    )


def _truth(value: Any) -> Any:
    return {"true": 1.0, "false": 0.0}.get(str(value).strip().lower(), value)
