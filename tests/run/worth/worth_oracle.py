"""A valuation by a second program, written from docs/formulation alone: linear programs, and money in plain loops.

It takes a project as plain numbers (``worth_projects.py`` makes them and their text), without cells and without wear.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

MACRS = {
    "macrs-5": (20, 32, 19.2, 11.52, 11.52, 5.76),
    "macrs-7": (14.29, 24.49, 17.49, 12.49, 8.93, 8.92, 8.93, 4.46),
}


def dispatched(price, case, energy, most_drawn):
    """Power taken and sent, by the linear program of dispatch.md; prices above 0."""
    steps, into, out = len(price), case["into"], case["out"]
    cost = np.concatenate([price + case["own"], case["own"] - price, np.zeros(steps)])
    balance = sparse.identity(steps) - sparse.diags(np.ones(steps - 1), -1)
    flows = sparse.hstack([-into * sparse.identity(steps), sparse.identity(steps) / out, balance])
    begun = np.zeros(steps)
    begun[0] = case["start"] * energy
    most = np.concatenate([np.full(2 * steps, case["power"]), np.full(steps, energy)])
    drawn = sparse.csr_matrix(np.concatenate([np.zeros(steps), np.full(steps, 1 / out), np.zeros(steps)])[None])
    found = linprog(
        cost, A_eq=flows, b_eq=begun, A_ub=drawn, b_ub=[min(most_drawn, 1e9)], bounds=np.c_[0 * most, most],
        method="highs-ds", options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )  # fmt: skip
    return found.x[:steps], found.x[steps : 2 * steps]


def added(case, blocks, year):
    """What additions cost at the beginning of a year; ``blocks`` are changed."""
    cost = 0.0
    for one in case["augmentation"]:
        held = sum(blocks)
        if one.get("year") != year and not ("below" in one and held < one["below"] * case["energy"]):
            continue
        new = one["energy"] if "energy" in one else one["to"] * case["energy"] - (0 if one["replace"] else held)
        if new > 0 and not (one["replace"] and new < held):
            if one["replace"]:
                blocks.clear()
            blocks.append(new)
            doublings = (case["months"] / 12 + year - 1) * math.log2(1 + case["built"])
            cost += new * one["cost"] * (1 - case["learning"]) ** doublings
    return cost


def lived(case):
    """A row for each operating year: value.md without cells."""
    blocks, rows, before = [case["energy"]], [], 0.0
    for year in range(1, math.ceil(case["life"]) + 1):
        cost = added(case, blocks, year)
        held, share = sum(blocks), min(case["life"] - year + 1, 1.0)
        price = case["prices"][(year - 1) % len(case["prices"])]
        years = len(price) / 8760
        most = math.inf
        if year <= case["warranted"]:
            left = min(case["warranted"], case["life"]) - year + 1
            most = min(case["cycles"] * held, max(case["throughput"] - before, 0.0) / left) * years
        grown = price * (1 + case["growth"]) ** (year - 1)
        taken, sent = dispatched(grown, case, held, most)
        each = share / years
        rows.append({
            "operated": share, "cost": cost, "capacity": held, "sales": float(grown @ sent) * each,
            "charging": float(grown @ taken) * each, "sent": float(sent.sum()) * each,
            "moved": float((taken + sent).sum()) * each,
        })  # fmt: skip
        before += float(sent.sum()) / case["out"] * each
        blocks[:] = [block * (1 - case["fade"]) ** share for block in blocks]
    return rows


def valued(case):
    """npv and the rest, with the flows by year: finance.md."""
    rows = lived(case)
    flows = earned(case, rows)
    last, raised = len(rows), indexed(case, 0)
    capital = case["capital"] * (case["prepaid"] + (1 - case["prepaid"]) * raised)
    grant = case["grant"] * (case["prepaid"] + (1 - case["prepaid"]) * raised)
    credit = case["credit"] * capital
    spent = flows["augmentation_cost"].copy()
    spent[0] += capital - grant - case["credit_basis"] * credit
    income = [flows["in"][year] - flows["operating_cost"][year] for year in range(last + 1)]
    profit = np.array(income) - written_off(case, spent, last)
    taxes = taxed(case, profit, credit)
    cash = np.array(income) - flows["augmentation_cost"] - taxes
    cash[0] -= capital - grant
    debt, service, own_taxes, cover = lent(case, cash + taxes, profit, credit, capital - grant)
    owners = cash + taxes - own_taxes - service
    owners[0] += debt * (1 - case["fee"])
    years = np.arange(last + 1)
    late = (1 + case["rate"]) ** (-case["months"] / 12)
    factors = (1 + case["rate"]) ** -years.astype(float)
    prepaid = case["prepaid"] * case["capital"]
    costs = flows["operating_cost"] + flows["charging"] + flows["augmentation_cost"] - flows["residual_value"]
    return {
        "npv": float(late * (prepaid + cash @ factors) - prepaid),
        "equity_npv": float(late * (prepaid + owners @ factors) - prepaid),
        "lcos": float((capital - grant + costs @ factors) / (flows["sent"] @ factors)),
        "debt": debt,
        "debt_cover": cover,
    }, {**flows, "tax": taxes, "cash_flow": cash, "debt_service": service, "equity_cash_flow": owners}


def indexed(case, year, part=1.0):
    """What inflation has made of money by the end of a year."""
    return (1 + part * case["inflation"]) ** (case["months"] / 12 + year)


def shared(begins, ends, year):
    """The part of an operating year between two moments."""
    return max(0.0, min(ends, year) - max(begins, year - 1))


def earned(case, rows):
    """Income and costs by year."""
    names = ("in", "market_revenue", "contract_revenue", "subsidy_revenue", "operating_cost", "augmentation_cost")
    flows = {name: np.zeros(len(rows) + 1) for name in (*names, "residual_value", "charging", "sent")}
    for year, row in enumerate(rows, start=1):
        raised, priced = indexed(case, year), indexed(case, year) if case["basis"] == "real" else 1.0
        tolled = 0.0
        for one in case["contracts"]:
            begins, ends = one.get("from_year", 1) - 1, one.get("from_year", 1) - 1 + one.get("years", math.inf)
            begins = max(begins, (one.get("begins", -math.inf) - case["months"]) / 12, 0.0)
            ends = min(ends, (one.get("ends", math.inf) - case["months"]) / 12, case["life"])
            part = shared(begins, ends, year)
            flows["contract_revenue"][year] += (
                one["price"] * case["power"] * one["share"] * one["derating"] * part
                * indexed(case, year, one["indexed"])
            )  # fmt: skip
            tolled += one["share"] * part / row["operated"] if one["kind"] == "tolling" else 0.0
        flows["charging"][year] = row["charging"] * priced
        flows["market_revenue"][year] = (1 - tolled) * (row["sales"] - row["charging"]) * priced
        flows["sent"][year] = row["sent"]
        paid = shared(0.0, min(case["subsidy_years"], case["life"]), year) / row["operated"]
        flows["subsidy_revenue"][year] = case["per_energy"] * row["sent"] * paid * raised
        yearly = case["fixed"] + case["insurance"] * case["capital"]
        flows["operating_cost"][year] = (
            raised * (row["operated"] * yearly + case["variable"] * row["sent"]) + case["own"] * row["moved"] * priced
        )
        flows["augmentation_cost"][year - 1] += indexed(case, year - 1) * row["cost"]
    flows["residual_value"][-1] = indexed(case, len(rows)) * case["residual"]
    flows["in"] = sum(flows[name] for name in (*names[1:4], "residual_value"))
    return flows


def written_off(case, spent, last):
    """Depreciation by year; what is left is written off in the last."""
    if case["depreciation"] in MACRS:
        shares = [0.0, *(share / 100 for share in MACRS[case["depreciation"]]), *[0.0] * last]
    else:
        life = case["written"]
        shares = [0.0, *(max(0.0, min(1.0, life - begun)) / life for begun in range(last + 1))]
    off = np.zeros(last + 1)
    for year in range(1, last):
        off[year] = sum(spent[before] * shares[year - before] for before in range(year))
    off[last] = spent.sum() - off.sum()
    return off


def taxed(case, profit, credit):
    """Taxes by year, with losses used at once or carried forward."""
    if case["losses"] == "used":
        taxes = case["tax"] * profit
        taxes[1] -= credit
        return taxes
    taxes, total, most, paid = np.zeros(len(profit)), 0.0, 0.0, 0.0
    for year, each in enumerate(profit):
        total += each
        most = max(most, total)
        due = max(0.0, case["tax"] * most - credit)
        taxes[year], paid = due - paid, due
    return taxes


def lent(case, before_tax, profit, credit, cost):
    """The debt, its service, the tax with its interest deducted, and the least cover."""
    nothing = np.zeros(len(profit))
    if not case["tenor"]:
        return 0.0, nothing, taxed(case, profit, credit), None
    rate, tenor = case["debt_rate"], int(case["tenor"])
    years = range(1, tenor + 1)
    deducted = nothing.copy()
    for _ in range(300):
        taxes = taxed(case, profit - deducted, credit)
        cash = np.maximum(before_tax - taxes, 0.0)
        unit = nothing.copy()
        for year in years:
            level = rate / (1 - (1 + rate) ** -tenor)
            principal = 1 / tenor + rate * (1 - (year - 1) / tenor)
            unit[year] = {"sculpted": cash[year], "level": level, "equal-principal": principal}[case["repayment"]]
        if case["repayment"] == "sculpted":
            unit = unit / sum(unit[year] / (1 + rate) ** year for year in years)
        debt = min(case["share"] * cost, min(cash[year] / (case["cover"] * unit[year]) for year in years))
        service, owed, deducted = debt * unit, debt, nothing.copy()
        for year in years:
            deducted[year] = rate * owed + case["fee"] * debt / tenor
            owed += rate * owed - service[year]
    covers = [(before_tax - taxes)[year] / service[year] for year in years if service[year] > 0]
    return debt, service, taxes, min(covers, default=None)
