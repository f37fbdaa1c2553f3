"""Who is served what in one month of one member, compiled: the same rules as in ``plain_serving.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.supply.given import Given, Ledger
    from cell2grid.engines.supply.network import Network

compiled = numba.njit(cache=True, nogil=True, error_model="numpy")

CRUMB = 1e-12  # rounds of asking end when one gives no more than this part of all that is on hand
LIMITED, INSTEAD, UNLIMITED = 0, 1, 2  # whom a round is for; ``INSTEAD``: what shocks keep from markets with a limit


class Hands(NamedTuple):
    """What each plant has left in the month, and what each market and order still wants of it."""

    whole: NDArray[np.float64]  # (plant), and so on to the blank line: what was there when the month was served
    left: NDArray[np.float64]
    free: NDArray[np.float64]  # left, less what has been set aside in this month
    aside: NDArray[np.float64]
    before: NDArray[np.float64]  # what waits since earlier months, and has not been used for exports
    room: NDArray[np.float64]  # of the turn
    normal: NDArray[np.float64]  # what exports may take in a normal month
    now: NDArray[np.float64]  # and in this one
    kept: NDArray[np.float64]  # what home may not have, for abroad still wants it

    asked: NDArray[np.float64]  # (market): falls by what would leave in a normal month
    missing: NDArray[np.float64]  # (market): falls by what leaves
    aimed: NDArray[np.float64]  # (market): ``asked`` while what shocks keep from markets is asked of other plants
    total: NDArray[np.float64]  # (market)
    taken: NDArray[np.float64]  # (market)
    usual: NDArray[np.float64]  # (market)

    able: NDArray[np.float64]  # (edge)
    weight: NDArray[np.float64]  # (edge)

    order_asked: NDArray[np.float64]  # (order)
    backlog: NDArray[np.float64]  # (order)


@compiled
def serve(
    numbers: Given, net: Network, ledger: Ledger, order_shipped: NDArray[np.float64], hands: Hands, m: int, t: int
) -> None:
    """Serve all turns and ranks of the month ``t`` of the member ``m`` from ``hands.left``, in place."""
    on_hand = 0.0
    for p in range(hands.left.size):
        on_hand += hands.left[p]
        hands.whole[p] = hands.free[p] = hands.left[p]
        hands.aside[p] = 0.0
    if on_hand <= 0.0:
        return
    for k in range(hands.asked.size):
        hands.asked[k] = hands.missing[k] = numbers.demand[m, k, t]
    for o in range(hands.backlog.size):
        hands.order_asked[o] = hands.backlog[o] if net.order_from[o] <= t else 0.0
    for turn in range(numbers.turn_share.shape[2]):
        begin(numbers, net, hands, m, t, turn)
        for level in range(net.levels[t, turn]):
            to_orders(numbers, net, ledger, order_shipped, hands, m, t, turn, level)
            to_markets(numbers, net, ledger, hands, m, t, turn, level, CRUMB * on_hand)


@compiled
def begin(numbers: Given, net: Network, hands: Hands, m: int, t: int, turn: int) -> None:
    """Offer what the turn offers, and count what of it may go abroad."""
    for p in range(hands.left.size):
        share, last = numbers.turn_share[p, t, turn], net.last_turn[p, t]
        room = 0.0
        if turn == last:
            room = hands.free[p]
        elif turn < last and share > 0.0:
            room = min(share * hands.whole[p], hands.free[p])
        old = min(hands.before[p], room)
        hands.room[p] = room
        hands.normal[p] = old + numbers.export_share[m, p, t, turn] * (room - old)
        hands.now[p] = hands.normal[p] * numbers.export_scale[m, p, t]
        hands.kept[p] = 0.0
    keep_for_abroad(net, hands, t, turn)


@compiled
def keep_for_abroad(net: Network, hands: Hands, t: int, turn: int) -> None:
    """Of what waits since earlier months, keep from home as much as markets and orders abroad want."""
    waits = False
    for p in range(hands.before.size):
        waits = waits or hands.before[p] > 0.0
    if not waits:
        return
    hands.total[:] = 0.0
    for p in range(hands.left.size):
        for e in range(net.edge_from[p], net.edge_from[p + 1]):
            if net.level[net.edge_lane[e], t, turn] >= 0:
                hands.total[net.edge_market[e]] += hands.room[p]
    for p in range(hands.left.size):
        old = min(hands.before[p], hands.room[p])
        if old <= 0.0:
            continue
        wanted = 0.0
        for e in range(net.edge_from[p], net.edge_from[p + 1]):
            k, lane = net.edge_market[e], net.edge_lane[e]
            if net.abroad[lane] and net.level[lane, t, turn] >= 0 and hands.total[k] > 0.0:
                wanted += hands.room[p] / hands.total[k] * hands.asked[k]
        for o in range(hands.backlog.size):
            if net.order_plant[o] == p and net.abroad[net.order_lane[o]]:
                wanted += hands.order_asked[o]
        hands.kept[p] = min(old, wanted)


@compiled
def gone(hands: Hands, p: int, normal: float, taken: float) -> None:
    """So much has left the room of plant ``p``, and so much the plant."""
    hands.room[p] = max(hands.room[p] - normal, 0.0)
    hands.free[p] = max(hands.free[p] - normal, 0.0)
    hands.left[p] = max(hands.left[p] - taken, 0.0)


@compiled
def gone_abroad(hands: Hands, p: int, normal: float, taken: float) -> None:
    """So much of the limits on exports of plant ``p`` is used up, and the difference is set aside."""
    hands.normal[p] = max(hands.normal[p] - normal, 0.0)
    hands.now[p] = max(hands.now[p] - taken, 0.0)
    hands.before[p] = max(hands.before[p] - normal, 0.0)
    hands.kept[p] = max(hands.kept[p] - normal, 0.0)
    # what rounding takes is kept by no shock
    hands.aside[p] += normal - taken if normal - taken > CRUMB * normal else 0.0


@compiled
def to_orders(
    numbers: Given,
    net: Network,
    ledger: Ledger,
    order_shipped: NDArray[np.float64],
    hands: Hands,
    m: int,
    t: int,
    turn: int,
    level: int,
) -> None:
    """Serve the orders of a level in the order of their queue."""
    for o in net.queue:
        wanted = hands.order_asked[o]
        if wanted <= 0.0:
            continue
        p, lane = net.order_plant[o], net.order_lane[o]
        if net.level[lane, t, turn] != level:
            continue
        scale = numbers.lane_scale[m, lane, t]
        if net.abroad[lane]:
            normal = min(min(wanted, hands.room[p]), hands.normal[p])
            taken = min(normal * scale, hands.now[p])
            gone_abroad(hands, p, normal, taken)
        else:
            normal = min(wanted, max(hands.room[p] - hands.kept[p], 0.0))
            taken = normal * scale
        gone(hands, p, normal, taken)
        hands.order_asked[o] -= normal
        hands.backlog[o] -= taken
        order_shipped[0, o, t] += taken
        ledger.shipped[m, lane, t] += taken


@compiled
def to_markets(
    numbers: Given, net: Network, ledger: Ledger, hands: Hands, m: int, t: int, turn: int, level: int, crumb: float
) -> None:
    """Serve the markets of a level: those with a limit, then those that take all that is left."""
    limited = unlimited = False
    for k in range(hands.asked.size):
        if np.isinf(hands.missing[k]):
            unlimited = True
        else:
            limited = True
    for whom in range(3):
        kept_away = False
        if whom == INSTEAD:
            for k in range(hands.asked.size):
                hands.aimed[k] = hands.asked[k]
                if hands.missing[k] > hands.asked[k]:
                    kept_away = True
                    hands.asked[k] = hands.missing[k]
        if (whom == LIMITED and limited) or kept_away or (whom == UNLIMITED and unlimited):
            rounds(numbers, net, ledger, hands, m, t, turn, level, whom, crumb)
        if kept_away:
            for k in range(hands.asked.size):
                hands.asked[k] = min(hands.aimed[k], hands.missing[k])


@compiled
def rounds(
    numbers: Given,
    net: Network,
    ledger: Ledger,
    hands: Hands,
    m: int,
    t: int,
    turn: int,
    level: int,
    whom: int,
    crumb: float,
) -> None:
    """Markets ask the plants in proportion to what these can give, until all are served or nothing is left."""
    for _ in range(2 * hands.left.size + 2):
        if not find_able(numbers, net, hands, m, t, turn, level, whom):
            return
        given = 0.0
        hands.taken[:] = 0.0
        hands.usual[:] = 0.0
        for p in range(hands.left.size):
            given += give(numbers, net, ledger, hands, m, t, p)
        for k in range(hands.asked.size):
            hands.asked[k] = max(hands.asked[k] - hands.usual[k], 0.0)
            hands.missing[k] = max(hands.missing[k] - hands.taken[k], 0.0)
        if given <= crumb:
            return


@compiled
def find_able(numbers: Given, net: Network, hands: Hands, m: int, t: int, turn: int, level: int, whom: int) -> bool:
    """Fill in what each plant could give each market of a round; whether any could."""
    hands.total[:] = 0.0
    found = False
    for p in range(hands.left.size):
        near = max(hands.room[p] - hands.kept[p], 0.0)
        far = min(hands.room[p], hands.normal[p])
        for e in range(net.edge_from[p], net.edge_from[p + 1]):
            k, lane = net.edge_market[e], net.edge_lane[e]
            at = net.level[lane, t, turn]
            hands.able[e] = 0.0
            if hands.asked[k] <= 0.0 or np.isinf(hands.missing[k]) != (whom == UNLIMITED):
                continue
            abroad = net.abroad[lane]
            if whom == INSTEAD:
                shocked = abroad and numbers.export_scale[m, p, t] < 1.0
                if at < 0 or at > level or shocked or numbers.lane_scale[m, lane, t] < 1.0:
                    continue
            elif at != level:
                continue
            able = far if abroad else near
            if able > 0.0:
                hands.able[e] = able
                hands.total[k] += able
                found = True
    return found


@compiled
def give(numbers: Given, net: Network, ledger: Ledger, hands: Hands, m: int, t: int, p: int) -> float:
    """What plant ``p`` gives in a round; markets that it could serve at home and abroad share what is short."""
    far = near = far_want = near_want = 0.0
    for e in range(net.edge_from[p], net.edge_from[p + 1]):
        if hands.able[e] <= 0.0:
            continue
        k = net.edge_market[e]
        unlimited = np.isinf(hands.asked[k])
        weight = 1.0 if unlimited else hands.able[e] / hands.total[k] * hands.asked[k]
        hands.weight[e] = weight
        want = np.inf if unlimited else weight
        if net.abroad[net.edge_lane[e]]:
            far += weight
            far_want += want
        else:
            near += weight
            near_want += want
    if far + near <= 0.0:
        return 0.0
    give_far = min(min(far_want, hands.room[p] * (far / (far + near))), hands.normal[p])
    kept = max(hands.kept[p] - give_far, 0.0)
    give_near = min(near_want, max(hands.room[p] - give_far - kept, 0.0))
    per_far = give_far / far if far > 0.0 else 0.0
    per_near = give_near / near if near > 0.0 else 0.0
    leaving = 0.0
    for e in range(net.edge_from[p], net.edge_from[p + 1]):
        lane = net.edge_lane[e]
        if hands.able[e] > 0.0 and net.abroad[lane]:
            leaving += hands.weight[e] * per_far * numbers.lane_scale[m, lane, t]
    within = hands.now[p] / leaving if leaving > hands.now[p] else 1.0
    went = went_far = 0.0
    for e in range(net.edge_from[p], net.edge_from[p + 1]):
        if hands.able[e] <= 0.0:
            continue
        k, lane = net.edge_market[e], net.edge_lane[e]
        abroad = net.abroad[lane]
        normal = hands.weight[e] * (per_far if abroad else per_near)
        taken = normal * numbers.lane_scale[m, lane, t] * (within if abroad else 1.0)
        hands.usual[k] += normal
        hands.taken[k] += taken
        ledger.shipped[m, lane, t] += taken
        went += taken
        if abroad:
            went_far += taken
    gone_abroad(hands, p, give_far, went_far)
    gone(hands, p, give_far + give_near, went)
    given: float = give_far + give_near
    return given
