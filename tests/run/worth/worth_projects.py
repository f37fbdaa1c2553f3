"""Random projects as plain numbers, and the project files that say the same; for ``worth_oracle.py``."""

from __future__ import annotations

import datetime

import numpy as np
import yaml

VALUED = datetime.date(2026, 3, 10)
MONTH = 365.25 / 12


def priced(generator, days):
    """Hourly prices above 0, no two alike."""
    hours = np.arange(days * 24)
    swing = 50 + 25 * np.sin(2 * np.pi * (hours - 8) / 24) + generator.normal(0, 15, len(hours))
    return np.round(np.maximum(swing, 2 + generator.random(len(hours))), 3)


def projects(seed):
    """A project as plain numbers, and as the text of a project file without its prices."""
    g = np.random.default_rng(seed)

    def between(low, high, digits=3):
        return round(float(g.uniform(low, high)), digits)

    def maybe(low, high, without=0.0, digits=3):
        return between(low, high, digits) if g.random() < 0.6 else without

    power = between(5, 60, 1)
    energy = round(power * between(1, 4, 1), 2)
    life = between(4, 14, int(g.integers(0, 3)))
    each = between(90, 220, 1)
    case = {
        "power": power, "energy": energy, "life": life, "into": between(0.85, 0.99), "out": between(0.85, 0.99),
        "own": maybe(0.5, 4), "start": maybe(0.0, 0.8, digits=2), "fade": 0.02 if g.random() < 0.6 else 0.0,
        "prices": [priced(g, int(g.integers(2, 4))) for _ in range(int(g.integers(1, 4)))],
        "growth": maybe(-0.02, 0.03, digits=4), "inflation": maybe(-0.01, 0.04, digits=4),
        "basis": str(g.choice(["real", "nominal"])), "months": maybe(0, 30, digits=2), "rate": between(0.02, 0.1, 4),
        "capital": each * 1000 * energy, "energy_cost": each * 1000, "fixed": maybe(1, 9, digits=2) * 1000 * power,
        "insurance": maybe(0.001, 0.01, digits=4), "variable": maybe(0.5, 4, digits=2),
        "residual": maybe(-0.05, 0.1, digits=3) * each * 1000 * energy, "prepaid": maybe(0, 1, digits=2),
        "learning": maybe(0.05, 0.2, digits=2), "built": 0.25, "grant": maybe(0.05, 0.3) * each * 1000 * energy,
        "per_energy": maybe(1, 15, digits=2), "subsidy_years": between(1, 9, 1),
        "warranted": maybe(2, 8, digits=0), "cycles": between(200, 400, 0), "throughput": round(energy * 1500.0, 1),
        "tax": maybe(0.1, 0.4), "losses": str(g.choice(["used", "carried"])), "written": between(3, 16, 1),
        "depreciation": str(g.choice(["macrs-5", "macrs-7", "straight-line"])), "credit": maybe(0.05, 0.3),
        "credit_basis": 0.5, "tenor": int(min(g.integers(2, 10), life)) if g.random() < 0.6 else 0,
        "debt_rate": between(0.02, 0.08, 4), "share": between(0.2, 0.7), "cover": between(1.1, 1.8, 2),
        "fee": between(0, 0.03), "repayment": str(g.choice(["sculpted", "level", "equal-principal"])),
    }  # fmt: skip
    case["credit"] = case["credit"] if case["tax"] else 0.0
    case["contracts"] = [contract(g, between) for _ in range(int(g.integers(0, 4)))]
    case["augmentation"] = [augmentation(g, between, energy, life) for _ in range(int(g.integers(0, 3)))]
    return case, said(case)


def contract(g, between):
    """A contract, with operating years, dates or neither."""
    one = {"kind": str(g.choice(["tolling", "capacity"])), "price": between(20, 90, 2) * 1000, "share": between(0, 0.3)}
    one |= {"derating": between(0.3, 1, 2), "indexed": float(g.choice([0.0, 0.4, 1.0]))}
    way = g.integers(3)
    if way == 1:
        one |= {"from_year": int(g.integers(1, 5)), "years": between(0.5, 9, 1)}
    if way == 2:
        first, long = int(g.integers(-300, 1500)), int(g.integers(30, 3000))
        one |= {"begins": first / MONTH, "ends": (first + long + 1) / MONTH, "days": (first, first + long)}
    return one


def augmentation(g, between, energy, life):
    """An addition in a year or below a share, up to a share or of some energy."""
    one = {"replace": bool(g.random() < 0.3), "cost": between(50, 150, 1) * 1000}
    one |= {"year": int(g.integers(1, int(life) + 1))} if g.random() < 0.5 else {"below": between(0.8, 0.97)}
    one |= {"to": between(0.9, 1, 2)} if g.random() < 0.6 else {"energy": round(energy * between(0.05, 0.3), 2)}
    return one


def said(case):
    """The project file."""
    finance = {
        "capital_cost": f"{case['energy_cost'] / 1000} EUR/kWh", "fixed_cost": f"{case['fixed']} EUR/year",
        "insurance": f"{case['insurance']} ratio/year", "variable_cost": f"{case['variable']} EUR/MWh",
        "residual_value": f"{case['residual']} EUR", "prepaid": f"{case['prepaid']} ratio",
        "discount_rate": f"{case['rate']} ratio/year", "inflation": f"{case['inflation']} ratio/year",
        "life": f"{case['life']} year", "learning": {"rate": f"{case['learning']} ratio", "growth": "25 percent/year"},
        "subsidy": {
            "grant": f"{case['grant']} EUR", "per_energy": f"{case['per_energy']} EUR/MWh",
            "years": f"{case['subsidy_years']} year",
        },
    }  # fmt: skip
    if case["tax"]:
        finance["tax"] = {
            "rate": f"{case['tax']} ratio", "depreciation": case["depreciation"], "losses": case["losses"],
            "depreciation_life": f"{case['written']} year",
        }  # fmt: skip
        finance["subsidy"] |= {"tax_credit": f"{case['credit']} ratio", "credit_basis": "50 percent"}
    if case["tenor"]:
        finance["debt"] = {
            "rate": f"{case['debt_rate']} ratio/year", "tenor": f"{case['tenor']} year", "fee": f"{case['fee']} ratio",
            "share": f"{case['share']} ratio", "cover": f"{case['cover']} ratio", "repayment": case["repayment"],
        }  # fmt: skip
    text = {
        "project": "drawn", "power": f"{case['power']} MW", "energy": f"{case['energy']} MWh", "finance": finance,
        "efficiency_charge": case["into"], "efficiency_discharge": case["out"], "start_fraction": case["start"],
        "throughput_cost": f"{case['own']} EUR/MWh", "valuation": str(VALUED),
        "commissioning": f"{case['months']} month", "contracts": [said_contract(one) for one in case["contracts"]],
        "prices": {"currency": "EUR", "basis": case["basis"], "growth": f"{case['growth']} ratio/year"},
        "augmentation": [said_augmentation(one) for one in case["augmentation"]],
    }  # fmt: skip
    if case["fade"]:
        text["technology"] = "lfp-4h"
    if case["warranted"]:
        text["warranty"] = {
            "years": f"{case['warranted']} year", "cycles_per_year": f"{case['cycles']} ratio/year",
            "throughput": f"{case['throughput']} MWh",
        }  # fmt: skip
    return yaml.safe_dump(text, sort_keys=False)


def said_contract(one):
    """A contract as a file has it."""
    row = {"kind": one["kind"], "price": f"{one['price'] / 1000} EUR/kW/year"}
    row |= {key: f"{one[key]} ratio" for key in ("share", "derating", "indexed")}
    row |= {key: f"{one[key]} year" for key in ("from_year", "years") if key in one}
    if "days" in one:
        days = (VALUED + datetime.timedelta(days=day) for day in one["days"])
        row |= dict(zip(("begins", "ends"), map(str, days), strict=True))
    return row


def said_augmentation(one):
    """An addition as a file has it."""
    row = {"replace": one["replace"], "cost": f"{one['cost'] / 1000} EUR/kWh"}
    units = (("year", "year"), ("below", "ratio"), ("to", "ratio"), ("energy", "MWh"))
    return row | {key: f"{one[key]} {unit}" for key, unit in units if key in one}
