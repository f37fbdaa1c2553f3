"""What one more item costs a plant, by its output. What of it a plant or an option has is in its own file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cell2grid.study.quantity import Frozen, In, Quantity


class CostStep(Frozen):
    """A part of a plant's output that costs the same for each item."""

    cost: Quantity
    """Money for one item of this part."""
    up_to: Annotated[Quantity, In("item/month", at_least=0, or_unit="MWh/month")] | None = None
    """The output at which the part ends; only the last part has none."""


class CostCurve(Frozen):
    """What one more item costs by output: in steps, or as ``constant`` + ``rise`` x (output / at) ^ power."""

    steps: Annotated[tuple[CostStep, ...], Field(max_length=50)] = ()
    """Parts of rising cost, instead of the others."""
    constant: Quantity | None = None
    """Money for the first item."""
    rise: Quantity | None = None
    """What an item costs more when the output is ``at``."""
    at: Annotated[Quantity, In("item/month", at_least=0, or_unit="MWh/month")] | None = None
    """The output at which the rise is all there; the plant's capacity is a usual choice."""
    power: Annotated[Quantity, In("ratio", at_least=0.01, at_most=100)] | None = None
    """How steeply it rises; 1 is a straight line, and is taken where nothing is said."""
