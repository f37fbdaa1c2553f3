"""What plants start in a month with the inputs that they get, in numpy over all members at once: the reference.

An input that is short is shared in proportion to what is asked of it. What a plant leaves of its share, because another
input holds it back, is shared out again among those who can use it, until none can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.supply.given import Given
    from cell2grid.engines.supply.network import Network

ROUNDING = 1e-12  # all of an input is taken in when no more than this part of it is left
FAIR_ROUNDS = 20  # in which all ask; then those who feed ask before those who are fed, which comes to an end


def started_of(
    numbers: Given,
    net: Network,
    started: NDArray[np.float64],
    month: int,
    ready: NDArray[np.float64],
    stock: NDArray[np.float64],
    held: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fill in what is started in the month; back comes what comes off the line, and what is good of it.

    What is made in a month can be taken in in the same month, so that plants that feed come before plants that are fed.
    """
    sharing = _Sharing(numbers, net, month, ready, stock, held + _ended(started, month, numbers.process_time))
    sharing.share_out(ready)
    if net.again.any():
        for turn in range(FAIR_ROUNDS + len(net.feeding) * (len(net.feeding) + 1)):
            up = sharing.asked_again(in_turn=turn >= FAIR_ROUNDS)
            if not up.any():
                break
            sharing.share_out(up)
    started[:, :, month] = sharing.started
    return sharing.coming, sharing.fresh()


def known_part(numbers: Given, month: int) -> NDArray[np.float64]:
    """What shocks leave of a plant's inputs (member, plant), which is known before others are asked for."""
    scale = np.minimum(numbers.input_scale[:, None, :, month], 1.0)
    part: NDArray[np.float64] = np.where(numbers.needs > 0, scale, 1.0).min(axis=2, initial=1.0)
    return part


class _Sharing:
    """What has been started in the month, and what that brings and takes."""

    def __init__(
        self,
        numbers: Given,
        net: Network,
        month: int,
        ready: NDArray[np.float64],
        stock: NDArray[np.float64],
        ended: NDArray[np.float64],
    ) -> None:
        self.net, self.needs, self.ready, self.stock = net, numbers.needs, ready, stock
        self.good = numbers.yield_rate[:, :, month]
        self.at_once = np.maximum(1.0 - numbers.process_time, 0.0)  # of what is started comes off in the same month
        self.started, self.coming = np.zeros_like(ready), ended
        self.made: NDArray[np.bool_] = np.logical_or.reduce(net.makers, axis=0)

    def fresh(self) -> NDArray[np.float64]:
        """What is good of what comes off the lines."""
        found: NDArray[np.float64] = self.good * self.coming
        return found

    def share_out(self, up: NDArray[np.float64]) -> None:
        """Let plants start of ``up`` (member, plant) what their inputs allow."""
        taken, asked = self._takes(self.started), self._takes(up)
        fed = np.ones_like(asked)  # the part of what is asked of a product that can be had
        for product in self.net.feeding[self.made[self.net.feeding]]:
            makers = self.net.makers[:, product]
            part = np.where(self.needs[:, makers] > 0, fed[:, None, :], 1.0).min(axis=2, initial=1.0)
            begun = up[:, makers] * part
            self.started[:, makers] += begun
            self.coming[:, makers] += self.at_once[:, makers] * begun
            left = np.maximum(self._had(product) - taken[:, product], 0.0)
            short = left < asked[:, product]
            fed[:, product] = np.divide(left, asked[:, product], out=np.ones_like(left), where=short)

    def asked_again(self, *, in_turn: bool) -> NDArray[np.float64]:
        """What each plant (member, plant) could still start were it alone to ask for what is left.

        ``in_turn``: only those ask before whom none could.
        """
        taken, up = self._takes(self.started), np.zeros_like(self.ready)
        room = np.full_like(taken, np.inf)
        first = np.full(len(up), len(self.net.feeding))  # how deep those are fed who ask first
        for depth, product in zip(self.net.depth, self.net.feeding, strict=True):
            makers = self.net.makers[:, product]
            if not self.made[product]:
                continue
            needs = self.needs[:, makers]
            reach = np.divide(room[:, None, :], needs, out=np.full_like(needs, np.inf), where=needs > 0)
            could = np.minimum(self.ready[:, makers] - self.started[:, makers], reach.min(axis=2, initial=np.inf))
            waits = (first < depth)[:, None] & in_turn
            could = np.where((could <= ROUNDING * self.ready[:, makers]) | waits, 0.0, could)
            first = np.where(could.any(axis=1), np.minimum(first, depth), first)
            up[:, makers] = could
            had = self._had(product)
            left = had - taken[:, product]
            room[:, product] = np.where(left > ROUNDING * had, left, 0.0)
            room[:, product] += (self.good[:, makers] * self.at_once[:, makers] * could).sum(axis=1)
        return up

    def _takes(self, started: NDArray[np.float64]) -> NDArray[np.float64]:
        """What plants take in for what they start (member, product)."""
        found: NDArray[np.float64] = np.einsum("mp,mpq->mq", started, self.needs)
        return found

    def _had(self, product: int) -> NDArray[np.float64]:
        """All that the makers of a product have of it (member)."""
        makers = self.net.makers[:, product]
        found: NDArray[np.float64] = (self.stock + self.fresh())[:, makers].sum(axis=1)
        return found


def _ended(started: NDArray[np.float64], month: int, process_time: NDArray[np.float64]) -> NDArray[np.float64]:
    """What was started (member, plant, period) one process time before, in earlier months; items start evenly."""
    whole = np.floor(process_time)
    rest = process_time - whole
    ended = np.zeros(process_time.shape)
    for months, part in ((whole, 1.0 - rest), (whole + 1.0, rest)):
        member, plant = np.nonzero((months > 0) & (months <= month))
        ended[member, plant] += (
            part[member, plant] * started[member, plant, month - months[member, plant].astype(np.intp)]
        )
    return ended
