"""Writes the tables of study-file.md and project-file.md from the models: run it after a field has changed.

A test compares pages and models.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cell2grid.study.schema import project_schema, study_schema

HERE = Path(__file__).parent
BEGIN, END = "<!-- tables begin -->", "<!-- tables end -->"
MONEY = ["Finance", "Learning", "Debt", "Tax", "Subsidy", "Contract"]
WEAR = ["Ageing", "TemperatureColumn", "Augmentation", "Warranty", "Retention"]
# the parts in the order in which a reader meets them, under the keys of the file
PARTS = {
    "The file itself": [""],
    "horizon and sources": ["Horizon", "Source"],
    "regions, products, firms": ["Region", "Location", "Product", "Firm"],
    "stakes and supplies": ["Stake", "Supply"],
    "plants": ["Plant", "Tranche", "Need", "Ramp", "YieldCurve", "Shutdown", "Outages", "Shift", "Allocation"],
    "technologies": ["PlantTechnology", "StorageTechnology"],
    "lanes and duties": ["Lane", "Duty"],
    "markets": ["Market", "Demand"],
    "projects and prices": ["StorageProject", "Order", "PriceSeries"],
    "orders besides those of projects": ["PlacedOrder"],
    "the money of a project": MONEY,
    "the wear of a project": WEAR,
    "shocks": ["Shock", "LaneOf"],
    "observations, calibration, counterfactuals": ["Observation", "Calibration", "Counterfactual"],
    "competition": [
        "Competition",
        "ConductOf",
        "CostCurve",
        "CostStep",
        "Substitution",
        "Cross",
        "PriceWar",
        "StockToClear",
    ],
    "investment and announced": [
        *("Investment", "BuildOption", "Incentive", "Standing", "Limit", "Expectation", "Scenario", "Project"),
    ],
    "variants and fit": ["Variant", "Streams", "Fit", "Unknown"],
    "correlations": ["Correlation"],
    "exchange_rates": ["ExchangeRate"],
}
PROJECT_PARTS = {
    "The file itself": [""],
    "commissioning and prices": ["OfStudy", "ProjectPrices"],
    "finance and contracts": MONEY,
    "ageing, augmentation, warranty": WEAR,
    "columns, sources, exchange_rates": ["ColumnOf", "Source", "ExchangeRate"],
}


def tables(schema: dict[str, Any], parts_by_heading: dict[str, list[str]]) -> str:
    """All tables, in Markdown."""
    named = {part for parts in parts_by_heading.values() for part in parts if part}
    left_out = set(schema["$defs"]) - named - {"Day", "Quantity"}
    if left_out:
        raise SystemExit(f"parts without a table: {', '.join(sorted(left_out))}")
    sections = []
    for heading, parts in parts_by_heading.items():
        sections.append(f"### {heading}")
        for part in parts:
            node = schema["$defs"][part] if part else schema
            sections += [_sentence(node, part), _table(node)]
    return "\n\n".join(sections)


def _sentence(node: dict[str, Any], part: str) -> str:
    text = " ".join(node["description"].split()).replace("``", "`")
    return f"**{part}**. {text}" if part else text


def _table(node: dict[str, Any]) -> str:
    rows = ["| key | what is written | meaning |", "|---|---|---|"]
    required = set(node.get("required", ()))
    for key, field in node["properties"].items():
        name = f"**{key}**" if key in required else key
        said = " ".join(field.get("description", "").split())
        meaning = said.split(" In ")[0].replace("``", "`").replace("|", "\\|")
        rows.append(f"| {name} | {_written(field)} | {meaning} |")
    return "\n".join(rows)


def _written(field: dict[str, Any]) -> str:
    if "unit" in field:
        return f"quantity in {field['unit']}"
    if "$ref" in field:
        kind = field["$ref"].rsplit("/", 1)[1]
        return {"Day": "date", "Quantity": "quantity"}.get(kind, kind)
    if "enum" in field:
        return " or ".join(f"`{value}`" for value in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    if "patternProperties" in field:
        (below,) = field["patternProperties"].values()
        return f"names, each with {_written(below)}"
    if isinstance(field.get("additionalProperties"), dict):
        return f"names, each with {_written(field['additionalProperties'])}"
    if "oneOf" in field:
        return " or ".join(_written(option) for option in field["oneOf"])
    if "prefixItems" in field:
        return " and ".join(_written(item) for item in field["prefixItems"])
    if field.get("type") == ["string", "number"]:
        return "quantity"
    if field.get("type") == "array":
        return f"list of {_written(field['items'])}"
    if str(field.get("pattern", "")).startswith("^[A-Za-z0-9]"):
        return "name"
    if field.get("examples") == ["2025-02"]:
        return "month"
    return {"string": "text", "integer": "whole number", "number": "number", "boolean": "`true` or `false`"}.get(
        str(field.get("type")), "text"
    )


def page(text: str) -> str:
    """The page of study files with its tables made anew."""
    return _page(text, tables(study_schema(), PARTS))


def project_page(text: str) -> str:
    """The page of project files with its tables made anew."""
    return _page(text, tables(project_schema(), PROJECT_PARTS))


def _page(text: str, made: str) -> str:
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{made}\n{END}{after}"


if __name__ == "__main__":
    for name, made_anew in (("study-file.md", page), ("project-file.md", project_page)):
        file = HERE / name
        file.write_text(made_anew(file.read_text(encoding="utf-8")), encoding="utf-8")
