"""The JSON page names every key that the commands print, and no command prints one that it does not name."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).resolve().parent.parent / "docs/reference/json.md"
FREE = {"versions", "inputs", "engines", "reads", "used", "wall_seconds", "counterfactuals", "alternatives", "methods"}
# of these the keys are names of firms, regions and quotas
FREE |= {
    "prices",
    "quantities",
    "sales",
    "shares",
    "revenues",
    "profits",
    "consumer_surplus",
    "duty_revenue",
    "cr4",
    "hhi",
}
FREE |= {"licences", "sales_range", "shares_range", "cover", "price_without", "capacity_shares"}
NEWS = """---
title: A pack plant in Turku
publisher: The Quay
date: 2025-03-04
---
Fabrikam opened a pack plant in Turku, Finland. The Turku plant has a capacity of about 40,000 packs a year.
Each pack holds 80 kWh, so the plant can make 3.2 GWh a year.
"""
STUDY = """study: turku
horizon: {start: 2025-03, end: 2026-02}
regions: {FI: {}}
firms: {fabrikam: {name: Fabrikam}}
products: {pack: {counted_in: pack}}
plants:
  turku: {owner: fabrikam, region: FI, makes: pack, opens: "2025-03 [assumed: the page]", capacity: "? pack/year"}
"""
PRICES = "timestep,price\n2025-01-01T00:00,1\n2025-01-01T01:00,9\n"
ASSET = "{power: 1 MW, energy: 2 MWh}"
MOOR = """project: moor
power: 1 MW
energy: 2 MWh
finance: {capital_cost: 9 EUR/kWh, discount_rate: 5 percent/year, life: 2 year}
"""
FLEET = "name,power,energy\nquay,1MW,2MWh\n"
REGION = """region: isle
load: 90 MW
units: [{name: gas, count: 2, capacity: 60 MW, forced_outage_rate: 0.5, mean_time_to_repair: 9 h}]
storage: {power: 10 MW, energy: 20 MWh}
"""
PROJECT = """project: quay
power: 1 MW
energy: 2 MWh
commissioning: 3 .. 9 month
prices: {currency: EUR, slope: 0.01 EUR/MWh/MW}
finance: {capital_cost: "9 EUR/kWh [assumed: small]", discount_rate: 7 percent/year, life: 2 year}
"""
BUILT = "name,type,power_mw,start_construction,start_operation\n" + "".join(
    f"p{number},box,{number},20{number}-01-01,20{number}-07-0{number - 9}\n" for number in range(10, 16)
)
CASE = """regions: {isle: {demand: {form: linear, intercept: 9, slope: 1}}}
firms:
  reef: {conduct: competitive, plants: {quay: {region: isle, capacity: 4, cost: {constant: 2}}}}
  dune: {conduct: competitive, plants: {weir: {region: isle, capacity: 6, cost: {constant: 2}}}}
"""
LINE = "stations: [{name: press, service: {distribution: deterministic, mean: 9 s}}]\nitems: 1000\n"
CALLS = {
    "adequacy": "adequacy isle.yaml --samples 100 --out series.csv",
    "read": "read news.md",
    "check": "check",
    "claims": "claims",
    "entities": "entities",
    "export": "export --to exported --accept-tier A",
    "review": "review --list",
    "assemble": "assemble turku.yaml --accept-tier A",
    "run": "run giga-shanghai-2022 --members 5 --out giga",
    "compare": "compare giga again --out side.html",
    "compare study": "compare giga-shanghai-2022 --without shocks.lockdown-stop --members 20 --out effect.html",
    "report": "report giga",
    "trace": "trace giga exports-2022-05",
    "dispatch": "dispatch prices.csv --power 1MW --energy 2MWh --out schedule.csv",
    "fleet": "fleet fleet.csv --prices prices.csv --out earned",
    "line": "line line.yaml",
    "market": "market case.yaml --check --price-war",
    "value": "value quay.yaml --prices prices.csv --members 3 --out valued",
    "prices": "prices prices.csv --out clean.csv",
    "pypsa export": "pypsa export asset.yaml prices.csv network",
    "pypsa import": "pypsa import network again.yaml --prices again.csv",
    "pypsa study": "pypsa study consolidation markets",
    "iamc": "iamc giga --out giga.csv",
    "excel": "excel giga --out giga.xlsx",
    "plan": "plan going-global --members 4",
    "studies": "studies",
    "cells": "cells",
    "ramp": "ramp shanghai-megapack",
    "fit": "fit consolidation --members 4",
    "tornado": "tornado consolidation --of market_price:cars",
    "cost": "cost nmc811-graphite --compare --members 2",
    "backtest": "backtest built.csv --type box",
    "owners": "owners beijing-era --on 2026-06-01",
    "size": "size moor.yaml --prices prices.csv --grid 2x2 --out sizes",
}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each command prints."""
    folder = tmp_path_factory.mktemp("calls")
    texts = {
        "news.md": NEWS,
        "turku.yaml": STUDY,
        "prices.csv": PRICES,
        "line.yaml": LINE,
        "case.yaml": CASE,
        "quay.yaml": PROJECT,
        "isle.yaml": REGION,
        "asset.yaml": ASSET,
        "fleet.csv": FLEET,
        "moor.yaml": MOOR,
        "built.csv": BUILT,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")

    def call(arguments: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "cell2grid", *arguments.split(), "--json"],
            cwd=folder,
            env={**os.environ, "USER": "reader"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    call("run giga-shanghai-2022 --members 6 --out again")
    found = {name: call(arguments) for name, arguments in CALLS.items()}
    found["manifest"] = json.loads((folder / "giga/manifest.json").read_text(encoding="utf-8"))
    found["evidence"] = json.loads((folder / "giga/evidence.json").read_text(encoding="utf-8"))
    return found


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield key
            if key not in FREE:
                yield from _keys(below)
    elif isinstance(value, list):
        for below in value:
            yield from _keys(below)


def _section(name: str) -> str:
    text = PAGE.read_text(encoding="utf-8")
    return re.split(r"^##+ ", text.split(f"### {name}\n")[1], flags=re.MULTILINE)[0]


@pytest.mark.parametrize("name", [*CALLS, "manifest", "evidence"])
def test_each_key_that_is_printed_stands_on_the_page(printed: dict[str, Any], name: str) -> None:
    named = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`]+`", PAGE.read_text(encoding="utf-8")))))
    assert sorted(set(_keys(printed[name])) - named) == []


@pytest.mark.parametrize("name", CALLS)
def test_the_first_line_of_a_section_lists_what_is_printed(printed: dict[str, Any], name: str) -> None:
    section = _section(name)
    listed = re.search(r"`\{([^}]*)\}`", section)
    assert listed is not None
    also = re.findall(r"and `(\w+)` with `--out`", section)
    assert {*listed.group(1).replace("\n", " ").replace(" ", "").split(","), *also} == set(printed[name])
