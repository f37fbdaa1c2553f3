"""A small invented run, written as a real run folder: one battery works in Norway, one project in Germany."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from compared_rows import compared_rows
from fit_rows import fit_rows
from market_rows import market_rows
from owner_rows import owner_rows
from stack_rows import stack_rows
from trade_tables import order_months, trade_tables
from worth_tables import worth_tables

from cell2grid.nomenclature import labelled
from cell2grid.results import TABLES, Results, read_results, write_results
from cell2grid.study.model import Study

MONTHS = [f"{year}-{number:02d}" for year in (2031, 2032) for number in range(1, 13)]
MEMBERS = 20
HOSTILE = '</script></title><img src=x onerror=alert(1)>"><svg onload=alert(2)>'


def invented_study(name: str = "fjord-works", title: str = "Batteries from the fjord") -> Study:
    return Study.model_validate(
        {
            "study": name,
            "title": title,
            "horizon": {"start": "2031-01", "end": "2032-12"},
            "sources": {
                "gazette": {
                    "title": "Fjord works opens",
                    "publisher": "The Harbour Gazette",
                    "date": "2031-01-09",
                    "url": "https://gazette.example/fjord",
                },
                "customs": {"title": "Battery trade", "publisher": "Customs Office", "date": "2032-02"},
            },
            "regions": {"NO": {"name": "Norway"}, "DE": {"name": "Germany", "currency": "EUR"}, "DK": {}},
            "products": {"cube": {"counted_in": "container", "energy": "2.5 MWh/container [gazette]"}},
            "firms": {"fjordkraft-celler": {"region": "NO"}},
            "plants": {
                "fjord": {
                    "owner": "fjordkraft-celler",
                    "region": "NO",
                    "makes": "cube",
                    "capacity": "2400 container/year [gazette]",
                    "opens": "2031-01 [gazette]",
                    "ramp": {
                        "curve": "linear",
                        "months_to_nameplate": "10 .. 14 month [assumed: works of this size have taken about a year]",
                    },
                }
            },
            "lanes": (
                {"origin": "NO", "destination": "DE", "lead_time": "12 day [assumed: a ferry and a train; no strikes]"},
            ),
            "markets": {
                "rest": {
                    "region": "DE",
                    "product": "cube",
                    "demand": ({"start": "2031-01", "unlimited": "assumed: buyers queue"},),
                }
            },
            "prices": {
                "danish": {
                    "region": "DK",
                    "currency": "EUR",
                    "synthetic": 3,
                    "source": "assumed: no prices of the region at hand",
                }
            },
            "projects": {
                "heath": {
                    "region": "DE",
                    "power": "50 MW [gazette]",
                    "energy": "100 MWh [gazette]",
                    "prices": "danish",
                    "order": {
                        "plant": "fjord",
                        "product": "cube",
                        "energy": "100 MWh [gazette]",
                        "ordered": "2031-02-01 [gazette]",
                    },
                    "finance": {
                        "capital_cost": "180 EUR/kWh [assumed: near recent tenders]",
                        "discount_rate": "6 percent/year [assumed: usual for such plants]",
                        "life": "15 year [assumed: warranties run so long]",
                    },
                }
            },
            "shocks": {
                "winter-storm": {
                    "plant": "fjord",
                    "what": "output",
                    "leaves": "10 percent [gazette]",
                    "start": "2032-01-10 [gazette]",
                    "end": "2032-01-31 [gazette]",
                }
            },
            "observations": {
                f"exports-{month}": {
                    "variable": "exports",
                    "of": "fjord",
                    "start": month,
                    "end": month,
                    "value": f"{value} container [customs]",
                }
                for month, value in (("2032-01", 61), ("2032-02", 160))
            },
            "counterfactuals": {
                "no-storm": {
                    "without": ("winter-storm",),
                    "plant": "fjord",
                    "start": "2032-01",
                    "end": "2032-02",
                    "total": "900 container [customs]",
                    "own": "221 container [customs]",
                }
            },
        }
    )


def claim(
    ident: str, measure: str, subject: str, quote: str, value_text: str, value: float, unit: str, **slots: Any
) -> dict[str, Any]:
    start = slots.pop("start", 100)
    place = start + quote.index(value_text)
    return {
        "id": ident, "document": slots.pop("document", "d1"), "story": "s", "quote": quote, "start": start,
        "end": start + len(quote), "value_text": value_text, "value_start": place, "value_end": place + len(value_text),
        "subject": subject, "measure": measure, "object": None, "value": value, "low": value, "high": value,
        "unit": unit, "approx": None, "period_start": None, "period_end": None, "direction": None, "tier": "A",
        "frame": measure, **slots,
    }  # fmt: skip


def invented_evidence() -> dict[str, Any]:
    claims = [
        claim("aa01", "capacity", "Fjord works", "Fjord works can fill 2,400 containers a year.",
              "2,400 containers a year", 2400.0, "container/year"),
        claim("aa02", "unit_energy", "Fjord works", "Each container from Fjord works holds 2.5 MWh.",
              "2.5 MWh", 2.5, "MWh/container"),
        claim("bb01", "exports", "Fjord works", "Abroad went 61 containers in January.", "61", 61.0, "container",
              document="d2"),
        claim("bb02", "exports", "Fjord works", "In February it was 160 containers.", "160", 160.0, "container",
              document="d2"),
        claim("bb03", "exports", "Fjord works", "Both months together saw 221 containers leave.", "221", 221.0,
              "container", document="d2"),
        claim("cc01", "stake", "Bergen Fund", "Bergen Fund holds 60% and Oslo Port 30%.", "60%", 60.0, "percent",
              object="Fjord works"),
        claim("cc02", "stake", "Oslo Port", "Bergen Fund holds 60% and Oslo Port 30%.", "30%", 30.0, "percent",
              object="Fjord works"),
    ]  # fmt: skip
    documents = [
        {"id": "d1", "path": "gazette.md", "title": "Fjord works opens", "publisher": "The Harbour Gazette",
         "date": "2031-01-09", "url": "https://gazette.example/fjord"},
        {"id": "d2", "path": "customs.md", "title": "Battery trade", "publisher": "Customs Office", "date": "2032-02",
         "url": "javascript:alert(1)"},
    ]  # fmt: skip
    checks = [
        {"kind": "product", "claims": ["aa01", "aa02"], "stated": None, "computed": 6.0, "unit": "GWh/year",
         "residual": None, "tolerance": 0.1, "verdict": "cannot_say", "note": "no page states it"},
        {"kind": "sum", "claims": ["bb03", "bb01", "bb02"], "stated": 221.0, "computed": 221.0, "unit": "container",
         "residual": 0.0, "tolerance": 0.0, "verdict": "holds", "note": "2 parts"},
        {"kind": "stakes", "claims": ["cc01", "cc02"], "stated": 100.0, "computed": 90.0, "unit": "percent",
         "residual": 10.0, "tolerance": 0.0, "verdict": "incomplete", "note": "unknown 10 %"},
    ]  # fmt: skip
    used = {
        "plants.fjord.capacity": ["aa01"],
        "products.cube.energy": ["aa02"],
        "observations.exports-2032-01.value": ["bb01"],
        "observations.exports-2032-02.value": ["bb02"],
        "counterfactuals.no-storm.own": ["bb03"],
    }
    return {"claims": claims, "documents": documents, "checks": checks, "derived": [], "used": used}


def invented_arrays() -> xr.Dataset:
    draws = np.random.default_rng(5)
    ramp = np.minimum(1.0, np.arange(1, 25) / 12.0)
    output = 200.0 * ramp * draws.uniform(0.85, 1.0, (MEMBERS, 1, 24))
    coords = {"member": np.arange(MEMBERS), "plant": ["fjord"], "period": MONTHS}
    dims = ("member", "plant", "period")
    arrays = {
        "output": output,
        "capacity": np.full_like(output, 200.0),
        "exports": 0.7 * output,
        "home_sales": 0.3 * output,
        "output_energy": output * 2.5e-3,
        "utilisation": output / 200.0,
    }
    return labelled(xr.Dataset({name: (dims, values) for name, values in arrays.items()}, coords=coords))


def _spread(values: Any) -> dict[str, float]:
    quantiles = zip(("p10", "p50", "p90"), np.quantile(values, (0.1, 0.5, 0.9)), strict=True)
    return {"mean": float(np.mean(values)), **{name: float(value) for name, value in quantiles}}


def _monthly(arrays: xr.Dataset) -> list[dict[str, Any]]:
    found = []
    for name in arrays.data_vars:
        unit = {"output_energy": "GWh/month", "utilisation": "ratio"}.get(str(name), "container/month")
        for place, month in enumerate(MONTHS):
            spread = _spread(arrays[name].values[:, 0, place])
            found.append(
                {"variable": name, "entity": "fjord", "destination": None, "period": month, **spread, "unit": unit}
            )
    for place, month in enumerate(MONTHS):
        for target, share in (("NO", 0.3), ("DE", 0.7)):
            spread = _spread(share * arrays["output"].values[:, 0, max(0, place - 1)])
            row = {"variable": "delivered", "entity": "fjord", "destination": target, "period": month}
            found.append({**row, **spread, "unit": "container/month"})
    return found


def ramp_rows() -> list[dict[str, Any]]:
    """Two counts, and two curves that they do not set apart."""
    unit = "container/month"
    counted = [("first thousand", 0.0, 168.0, 180.0), ("second thousand", 168.0, 323.0, 196.0)]
    rates = [(name, 20.0 * step, share) for name in ("linear", "plateau below nameplate") for step, share in
             enumerate((60.0, 120.0, 180.0, 240.0) if name == "linear" else (188.0,) * 4)]  # fmt: skip
    return [
        *({"series": name, "kind": "counted", "begin": begin, "finish": end, "rate": rate, "unit": unit}
          for name, begin, end, rate in counted),
        *({"series": name, "kind": "fitted", "begin": 4 * day, "finish": 4 * day + 80.0, "rate": rate, "unit": unit}
          for name, day, rate in rates),
    ]  # fmt: skip


def _dispatch() -> list[dict[str, Any]]:
    stamps = pd.date_range("2031-01-01", periods=24 * 28, freq="h", tz="UTC")
    hours = np.arange(len(stamps))
    price = 60 + 30 * np.sin(hours * 2 * np.pi / 24) + hours % 7
    charge, discharge = np.where(price < 40, 50.0, 0.0), np.where(price > 85, 40.0, 0.0)
    energy = np.clip(np.cumsum(charge - discharge), 0, 100)
    columns = zip(stamps.strftime("%Y-%m-%dT%H:%M:%SZ"), price, charge, discharge, energy, strict=True)
    names = ("timestep", "price", "charge", "discharge", "energy")
    return [{"project": "heath", **dict(zip(names, row, strict=True)), "currency": "EUR"} for row in columns]


def invented_tables(arrays: xr.Dataset) -> dict[str, pd.DataFrame]:
    observed = [
        {"name": f"exports-{month}", "variable": "exports", "of": "fjord", "start": month, "end": month,
         "observed": seen, "mean": mean, "p10": mean - 9, "p90": mean + 9, "residual": seen - mean,
         "unit": "container", "source": "Customs Office, “Battery trade”, 2032-02", "reference": "customs"}
        for month, seen, mean in (("2032-01", 61.0, 66.0), ("2032-02", 160.0, 131.0))
    ]  # fmt: skip
    instead = [
        {"name": "no-storm", "case": case, "period": month, "mean": mean, "p10": mean - 9, "p90": mean + 9,
         "unit": "container/month"}
        for case, means in (("with", (66.0, 131.0)), ("without", (135.0, 136.0)))
        for month, mean in zip(("2032-01", "2032-02"), means, strict=True)
    ]  # fmt: skip
    weighed = [
        {"figure": "plants.fjord.capacity", "text": "1800 .. 3000 container/year", "unit": "container/year",
         "prior": 2400.0, "prior_p10": 1920.0, "prior_p90": 2880.0, "mean": 2310.0, "p10": 2200.0, "p90": 2420.0},
        {"figure": "shocks.winter-storm.leaves", "text": "5 .. 15 percent", "unit": "percent", "prior": 10.0,
         "prior_p10": 6.0, "prior_p90": 14.0, "mean": 9.0, "p10": 6.0, "p90": 12.0},
    ]  # fmt: skip
    without = {"name": "no-storm", "without": "winter-storm"}
    cases = [
        {**without, "quantity": "exports", "mean": 271.0, "p10": 262.0, "p90": 280.0, "unit": "container"},
        {**without, "quantity": "share", "mean": 0.285, "p10": 0.278, "p90": 0.292, "unit": "ratio"},
    ]
    note = "illustrative: prices of another region"
    worth = {"project": "heath", "illustrative": True, "note": note}
    projects = [
        {**worth, "variable": "npv", "mean": -2.4e6, "p10": -3.1e6, "p90": -1.2e6, "unit": "EUR"},
        {**worth, "variable": "irr", "mean": 0.031, "p10": 0.02, "p90": 0.04, "unit": "ratio/year"},
    ]
    delivery = {
        "project": "heath", "plant": "fjord", "ordered": "2031-02-01", "items": 40.0, "unit": "container",
        "delivered_p10": "2031-05", "delivered_p50": "2031-06", "delivered_p90": "2031-08",
        "commissioning_p10": "2031-08", "commissioning_p50": "2031-09", "commissioning_p90": "2031-11",
        "undelivered": 0.05,
    }  # fmt: skip
    flow = [
        {"project": "heath", "year": year, "mean": -18e6 if year == 0 else 1.7e6, "p10": -18e6 if year == 0 else 1.5e6,
         "p90": -18e6 if year == 0 else 1.9e6, "unit": "EUR"}
        for year in range(16)
    ]  # fmt: skip
    rows = {
        "monthly": [*_monthly(arrays), *order_months()],
        "observations": observed,
        "counterfactuals": cases,
        "counterfactual_months": instead,
        "calibration": weighed,
        "projects": projects,
        "deliveries": [delivery],
        "cash_flow": flow,
        "dispatch": _dispatch(),
        "ramp_fit": ramp_rows(),
        "supply_stack": stack_rows(),
        "compared": compared_rows(),
        **owner_rows(),
        **market_rows(),
    }
    return {
        **{name: pd.DataFrame(found, columns=list(TABLES[name])) for name, found in rows.items()},
        **worth_tables(("heath",)),
        **trade_tables(),
        **fit_rows(),
    }


def invented_manifest(name: str) -> dict[str, Any]:
    reads = {
        "output": ["plants.fjord.capacity", "plants.fjord.opens", "plants.fjord.ramp", "shocks.winter-storm"],
        "exports": ["plants.fjord.capacity", "lanes.0.lead_time"],
        "npv": ["projects.heath.finance", "prices.danish"],
    }
    return {
        "cell2grid": "0.1.0", "format": 1, "python": "3.11.7", "versions": {"numpy": "2.4.0"}, "study": name,
        "seed": 1, "members": MEMBERS, "inputs": {"study.yaml": "ab" * 32}, "engines": ["production", "deliveries"],
        "wall_seconds": {"production": 0.2}, "reads": reads,
        "illustrative": ["heath: prices of another region"],
    }  # fmt: skip


def invented_results(study: Study, evidence: dict[str, Any]) -> Results:
    arrays = invented_arrays()
    return Results(
        study_json=study.model_dump_json(by_alias=True, exclude_none=True),
        tables=invented_tables(arrays),
        manifest=invented_manifest(study.study),
        evidence=evidence,
        arrays=arrays,
    )


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with a row in every table."""
    folder = tmp_path_factory.mktemp("runs") / "fjord"
    return write_results(invented_results(invented_study(), invented_evidence()), folder)


@pytest.fixture(scope="session")
def results(run_folder: Path) -> Results:
    """The run, as a report reads it."""
    return read_results(run_folder, with_arrays=True)


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a study in which there is nothing but a horizon."""
    folder = tmp_path_factory.mktemp("runs") / "bare"
    study = Study.model_validate({"study": "bare", "horizon": {"start": "2031-01", "end": "2031-12"}})
    tables = {name: pd.DataFrame(columns=list(columns)) for name, columns in TABLES.items()}
    manifest = {**invented_manifest("bare"), "reads": {}, "illustrative": []}
    evidence = {"claims": [], "documents": [], "checks": [], "derived": [], "used": {}}
    text = study.model_dump_json(by_alias=True, exclude_none=True)
    return write_results(Results(text, tables, manifest, evidence, xr.Dataset()), folder)


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same run with markup and script in every name and sentence that comes from a page or a study."""
    study = invented_study(title=HOSTILE)
    evidence = invented_evidence()
    for row in evidence["claims"]:
        quote = f"{HOSTILE} {row['quote']} {HOSTILE}\x0b"
        row.update(quote=quote, subject=HOSTILE, object=HOSTILE, start=None, value_start=None)
    for row in evidence["documents"]:
        row.update(title=HOSTILE, publisher=HOSTILE, date=HOSTILE, url=f"javascript:{HOSTILE}")
    for check in evidence["checks"]:
        check["note"] = HOSTILE
    results = invented_results(study, evidence)
    tables = {name: frame.copy() for name, frame in results.tables.items()}
    tables["monthly"]["entity"] = HOSTILE
    tables["observations"]["of"], tables["observations"]["source"] = HOSTILE, HOSTILE
    for name, frame in tables.items():
        if "project" in frame:
            tables[name]["project"] = HOSTILE
    tables["tornado"][["figure", "text", "unit", "npv_unit"]] = HOSTILE
    tables["owners"]["company"], tables["supplies"]["customer"] = HOSTILE, HOSTILE
    tables["supplies"]["product"], tables["concentration"]["product"] = HOSTILE, HOSTILE
    tables["shares"]["source"], tables["benefit"]["variable"] = HOSTILE, HOSTILE
    tables["line"]["station"], tables["line"]["unit"] = HOSTILE, HOSTILE
    tables["variance"][["entity", "figure"]] = HOSTILE
    tables["ramp_fit"].loc[tables["ramp_fit"]["kind"] == "counted", "series"] = HOSTILE
    tables["ramp_fit"]["unit"] = HOSTILE
    tables["supply_stack"][["market", "firm", "plant", "unit", "currency"]] = HOSTILE
    tables["market"][["market", "unit"]], tables["market_groups"]["entity"] = HOSTILE, HOSTILE
    tables["market_flows"][["firm", "market", "unit"]] = HOSTILE
    for name in ("life", "members", "size_map", "delay"):
        tables[name]["unit"] = HOSTILE
    tables["projects"]["note"] = HOSTILE
    tables["counterfactuals"]["without"] = HOSTILE
    changed = Results(results.study_json, tables, results.manifest, evidence, results.arrays)
    return write_results(changed, tmp_path_factory.mktemp("runs") / "hostile")
