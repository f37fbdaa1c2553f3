"""One solve of three sizes: cell2grid's whole call beside general solvers at the same residual, in turn."""

from __future__ import annotations

import statistics

from benchmarks.dispatch.table import Report
from benchmarks.market.games import market
from benchmarks.market.peers import PEERS, SMALL, Answer, Programme, digits_for, own_search, programme

SIZES = ((20, 10, 0.002), (100, 10, 0.030), (200, 10, 0.030))
LEMKE_MOST = 3_000  # unknowns up to which its dense table is built
ROUNDS, SLOW = 15, 0.5


def rows(report: Report) -> None:
    for plants, markets, wanted in SIZES[:1] if report.quick else SIZES:
        game = market(plants, markets)
        given = programme(game)
        runs = _in_turn(report, given)
        own = min(run.seconds for run in runs["cell2grid"])
        report.part(
            f"{plants} firms, {markets} markets, one solve",
            f"  {'':<28}{'best ms':>12}{'median ms':>12}{'ratio':>9}{'residual':>12}",
        )
        for name, each in runs.items():
            best = min(run.seconds for run in each)
            median = statistics.median(run.seconds for run in each)
            told = f"{best * 1e3:>12,.2f}{median * 1e3:>12,.2f}{best / own:>9,.1f}{each[-1].residual:>12.1e}"
            report.line(f"  {name:<28}{told}")
        for name in ("cell2grid", "water-filling"):
            report.judge(f"residual of {name}, {plants} firms", runs[name][-1].residual, 0.0, SMALL)
        report.wish(f"{plants} firms, {markets} markets", own * 1e3, wanted * 1e3, most=True, unit=" ms")
        fastest = min(run.seconds for name in PEERS for run in runs.get(name, []))
        report.wish("of the fastest peer's time", own / fastest, 1.0, most=True)


def _in_turn(report: Report, given: Programme) -> dict[str, list[Answer]]:
    """The runs of each program, round after round; slow ones once."""
    game, unknowns = given.game, given.plants * (given.markets + 1)
    own_search(game), own_search(game, "water-filling")
    digits, runs = {}, {"cell2grid": [], "water-filling": []}  # type: ignore[var-annotated]
    for name, solve in PEERS.items():
        if name == "quantecon Lemke" and unknowns > LEMKE_MOST:
            report.line(f"  {name} is left out: its table of {unknowns} by {2 * unknowns} is large")
            continue
        if name == "quantecon Lemke":
            solve(given, 0.0)  # compiled before it is timed
        digits[name], first = digits_for(solve, given)
        runs[name] = [first]
    for number in range(1 if report.quick else ROUNDS):
        runs["cell2grid"].append(own_search(game))
        runs["water-filling"].append(own_search(game, "water-filling"))
        for name, wide in digits.items():
            if runs[name][0].seconds < SLOW or number == 1:
                runs[name].append(PEERS[name](given, wide))
    return runs
