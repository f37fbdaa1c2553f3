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
# all parts go into one: handing on so many arrays at each call would cost more than the work
inlined = numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=True)

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

    far: NDArray[np.float64]  # (plant): what abroad asks in a round
    near: NDArray[np.float64]  # (plant): what home asks in a round

    able: NDArray[np.float64]  # (edge)
    weight: NDArray[np.float64]  # (edge)
    sold: NDArray[np.float64]  # (edge): of what the plant has sold to the market, what has not left yet

    order_asked: NDArray[np.float64]  # (order)
    backlog: NDArray[np.float64]  # (order)


@inlined
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
    if numbers.sold.shape[0] > 0:
        find_sold(numbers, net, hands, m, t)
    for turn in range(numbers.turn_share.shape[2]):
        begin(numbers, net, hands, m, t, turn)
        for level in range(net.levels[t, turn]):
            to_orders(numbers, net, ledger, order_shipped, hands, m, t, turn, level)
            to_markets(numbers, net, ledger, hands, m, t, turn, level, CRUMB * on_hand)


@inlined
def find_sold(numbers: Given, net: Network, hands: Hands, m: int, t: int) -> None:
    """What each plant has sold to each market in the month; infinite where nobody says."""
    edge_from, sold, by_term, month_share = net.edge_from, hands.sold, numbers.sold, numbers.month_share
    term = numbers.term[t]
    for p in range(hands.left.size):
        share = month_share[m, p, t]
        for e in range(edge_from[p], edge_from[p + 1]):
            whole = by_term[m, e, term]
            sold[e] = np.inf if np.isinf(whole) else whole * share


@inlined
def begin(numbers: Given, net: Network, hands: Hands, m: int, t: int, turn: int) -> None:
    """Offer what the turn offers, and count what of it may go abroad."""
    left, turn_share, last_turn, free = hands.left, numbers.turn_share, net.last_turn, hands.free
    whole, before, hands_room, normal = hands.whole, hands.before, hands.room, hands.normal
    export_share, now, export_scale, kept = numbers.export_share, hands.now, numbers.export_scale, hands.kept
    for p in range(left.size):
        share, last = turn_share[p, t, turn], last_turn[p, t]
        room = 0.0
        if turn == last:
            room = free[p]
        elif turn < last and share > 0.0:
            room = min(share * whole[p], free[p])
        old = min(before[p], room)
        hands_room[p] = room
        normal[p] = old + export_share[m, p, t, turn] * (room - old)
        now[p] = normal[p] * export_scale[m, p, t]
        kept[p] = 0.0
    keep_for_abroad(net, hands, t, turn)


@inlined
def keep_for_abroad(net: Network, hands: Hands, t: int, turn: int) -> None:
    """Of what waits since earlier months, keep from home as much as markets and orders abroad want."""
    before, total, left, edge_from = hands.before, hands.total, hands.left, net.edge_from
    level, edge_lane, edge_market, room = net.level, net.edge_lane, net.edge_market, hands.room
    net_abroad, asked, backlog, order_plant = net.abroad, hands.asked, hands.backlog, net.order_plant
    order_lane, order_asked, kept = net.order_lane, hands.order_asked, hands.kept
    waits = False
    for p in range(before.size):
        waits = waits or before[p] > 0.0
    if not waits:
        return
    total[:] = 0.0
    for p in range(left.size):
        for e in range(edge_from[p], edge_from[p + 1]):
            if level[edge_lane[e], t, turn] >= 0:
                total[edge_market[e]] += room[p]
    for p in range(left.size):
        old = min(before[p], room[p])
        if old <= 0.0:
            continue
        wanted = 0.0
        for e in range(edge_from[p], edge_from[p + 1]):
            k, lane = edge_market[e], edge_lane[e]
            if net_abroad[lane] and level[lane, t, turn] >= 0 and total[k] > 0.0:
                wanted += room[p] / total[k] * asked[k]
        for o in range(backlog.size):
            if order_plant[o] == p and net_abroad[order_lane[o]]:
                wanted += order_asked[o]
        kept[p] = min(old, wanted)


@inlined
def gone(hands: Hands, p: int, normal: float, taken: float) -> None:
    """So much has left the room of plant ``p``, and so much the plant."""
    hands_room, free, hands_left = hands.room, hands.free, hands.left
    hands_room[p] = max(hands_room[p] - normal, 0.0)
    free[p] = max(free[p] - normal, 0.0)
    hands_left[p] = max(hands_left[p] - taken, 0.0)


@inlined
def gone_abroad(hands: Hands, p: int, normal: float, taken: float) -> None:
    """So much of the limits on exports of plant ``p`` is used up, and the difference is set aside."""
    hands_normal, now, before, hands_kept = hands.normal, hands.now, hands.before, hands.kept
    hands_aside = hands.aside
    hands_normal[p] = max(hands_normal[p] - normal, 0.0)
    now[p] = max(now[p] - taken, 0.0)
    before[p] = max(before[p] - normal, 0.0)
    hands_kept[p] = max(hands_kept[p] - normal, 0.0)
    # what rounding takes is kept by no shock
    hands_aside[p] += normal - taken if normal - taken > CRUMB * normal else 0.0


@inlined
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
    net_queue, order_asked, order_plant, order_lane = net.queue, hands.order_asked, net.order_plant, net.order_lane
    net_level, lane_scale, abroad, room = net.level, numbers.lane_scale, net.abroad, hands.room
    hands_normal, now, kept, backlog = hands.normal, hands.now, hands.kept, hands.backlog
    shipped = ledger.shipped
    for o in net_queue:
        wanted = order_asked[o]
        if wanted <= 0.0:
            continue
        p, lane = order_plant[o], order_lane[o]
        if net_level[lane, t, turn] != level:
            continue
        scale = lane_scale[m, lane, t]
        if abroad[lane]:
            normal = min(min(wanted, room[p]), hands_normal[p])
            taken = min(normal * scale, now[p])
            gone_abroad(hands, p, normal, taken)
        else:
            normal = min(wanted, max(room[p] - kept[p], 0.0))
            taken = normal * scale
        gone(hands, p, normal, taken)
        order_asked[o] -= normal
        backlog[o] -= taken
        order_shipped[0, o, t] += taken
        shipped[m, lane, t] += taken


@inlined
def to_markets(
    numbers: Given, net: Network, ledger: Ledger, hands: Hands, m: int, t: int, turn: int, level: int, crumb: float
) -> None:
    """Serve the markets of a level: those with a limit, then those that take all that is left."""
    asked, missing, aimed = hands.asked, hands.missing, hands.aimed
    limited = unlimited = False
    for k in range(asked.size):
        if np.isinf(missing[k]):
            unlimited = True
        else:
            limited = True
    for whom in range(3):
        kept_away = False
        if whom == INSTEAD:
            for k in range(asked.size):
                aimed[k] = asked[k]
                if missing[k] > asked[k]:
                    kept_away = True
                    asked[k] = missing[k]
        if (whom == LIMITED and limited) or kept_away or (whom == UNLIMITED and unlimited):
            rounds(numbers, net, ledger, hands, m, t, turn, level, whom, crumb)
        if kept_away:
            for k in range(asked.size):
                asked[k] = min(aimed[k], missing[k])


@inlined
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
    taken, usual, asked, missing = hands.taken, hands.usual, hands.asked, hands.missing
    for _ in range(2 * hands.left.size + 2):
        if not find_able(numbers, net, hands, m, t, turn, level, whom):
            return
        weigh(numbers, net, hands, whom)
        taken[:] = 0.0
        usual[:] = 0.0
        given = hand_over(numbers, net, ledger, hands, m, t, whom)
        for k in range(asked.size):
            asked[k] = asked[k] - usual[k] if asked[k] - usual[k] > crumb else 0.0
            missing[k] = missing[k] - taken[k] if missing[k] - taken[k] > crumb else 0.0
        if given <= crumb:
            return


@inlined
def find_able(numbers: Given, net: Network, hands: Hands, m: int, t: int, turn: int, level: int, whom: int) -> bool:
    """Fill in what each plant could give each market of a round; whether any could."""
    total, left, room, kept = hands.total, hands.left, hands.room, hands.kept
    normal, edge_from, edge_market, edge_lane = hands.normal, net.edge_from, net.edge_market, net.edge_lane
    net_level, hands_able, asked, missing = net.level, hands.able, hands.asked, hands.missing
    net_abroad, export_scale, lane_scale = net.abroad, numbers.export_scale, numbers.lane_scale
    sold, follows = hands.sold, numbers.sold.shape[0] > 0
    total[:] = 0.0
    found = False
    for p in range(left.size):
        near = max(room[p] - kept[p], 0.0)
        far = min(room[p], normal[p])
        for e in range(edge_from[p], edge_from[p + 1]):
            k, lane = edge_market[e], edge_lane[e]
            at = net_level[lane, t, turn]
            hands_able[e] = 0.0
            if asked[k] <= 0.0 or np.isinf(missing[k]) != (whom == UNLIMITED):
                continue
            abroad = net_abroad[lane]
            if whom == INSTEAD:
                shocked = abroad and export_scale[m, p, t] < 1.0
                if at < 0 or at > level or shocked or lane_scale[m, lane, t] < 1.0:
                    continue
            elif at != level:
                continue
            able = far if abroad else near
            if follows:
                able = min(able, sold[e])
            if able > 0.0:
                hands_able[e] = able
                total[k] += able
                found = True
    return found


@inlined
def weigh(numbers: Given, net: Network, hands: Hands, whom: int) -> None:
    """How much each market asks of each plant, or its part where it takes all; and the sums of home and abroad."""
    edge_from, edge_market, edge_lane, abroad = net.edge_from, net.edge_market, net.edge_lane, net.abroad
    able, asked, total, weight = hands.able, hands.asked, hands.total, hands.weight
    far, near = hands.far, hands.near
    sold, follows = hands.sold, numbers.sold.shape[0] > 0
    for p in range(far.size):
        far[p] = near[p] = 0.0
        for e in range(edge_from[p], edge_from[p + 1]):
            if able[e] > 0.0:
                k = edge_market[e]
                weight[e] = 1.0 if whom == UNLIMITED else able[e] / total[k] * asked[k]
                if follows and not np.isinf(sold[e]):
                    weight[e] = min(weight[e], able[e])
                if abroad[edge_lane[e]]:
                    far[p] += weight[e]
                else:
                    near[p] += weight[e]


@inlined
def hand_over(numbers: Given, net: Network, ledger: Ledger, hands: Hands, m: int, t: int, whom: int) -> float:
    """What all plants give in a round; home and abroad share what is short, and shocks keep a part of it back."""
    edge_from, edge_market, edge_lane, net_abroad = net.edge_from, net.edge_market, net.edge_lane, net.abroad
    able, weight, far, near = hands.able, hands.weight, hands.far, hands.near
    room, limit, now, kept = hands.room, hands.normal, hands.now, hands.kept
    usual, market_taken, shipped, lane_scale = hands.usual, hands.taken, ledger.shipped, numbers.lane_scale
    sold = hands.sold
    given = 0.0
    for p in range(far.size):
        if far[p] + near[p] <= 0.0:
            continue
        far_want, near_want = (np.inf, np.inf) if whom == UNLIMITED else (far[p], near[p])
        give_far = min(min(far_want, room[p] * (far[p] / (far[p] + near[p]))), limit[p]) if far[p] > 0.0 else 0.0
        stays = max(kept[p] - give_far, 0.0)
        give_near = min(near_want, max(room[p] - give_far - stays, 0.0)) if near[p] > 0.0 else 0.0
        per_far = give_far / far[p] if far[p] > 0.0 else 0.0
        per_near = give_near / near[p] if near[p] > 0.0 else 0.0
        within = 1.0
        if per_far > 0.0:
            leaving = 0.0
            for e in range(edge_from[p], edge_from[p + 1]):
                if able[e] > 0.0 and net_abroad[edge_lane[e]]:
                    leaving += weight[e] * per_far * lane_scale[m, edge_lane[e], t]
            within = now[p] / leaving if leaving > now[p] else 1.0
        went = went_far = 0.0
        for e in range(edge_from[p], edge_from[p + 1]):
            if able[e] > 0.0:
                k, lane = edge_market[e], edge_lane[e]
                normal = weight[e] * (per_far if net_abroad[lane] else per_near)
                taken = normal * lane_scale[m, lane, t] * (within if net_abroad[lane] else 1.0)
                usual[k] += normal
                sold[e] = max(sold[e] - normal, 0.0)
                market_taken[k] += taken
                shipped[m, lane, t] += taken
                went += taken
                went_far += taken if net_abroad[lane] else 0.0
        if give_far > 0.0:
            gone_abroad(hands, p, give_far, went_far)
        gone(hands, p, give_far + give_near, went)
        given += give_far + give_near
    return given
