"""Writes the tables of study-file.md from the models: run it after a field has changed; a test compares the two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cell2grid.study.schema import study_schema

PAGE = Path(__file__).parent / "study-file.md"
BEGIN, END = "<!-- tables begin -->", "<!-- tables end -->"
# the parts in the order in which a reader meets them, under the keys of the file
PARTS = {
    "The file itself": [""],
    "horizon and sources": ["Horizon", "Source"],
    "regions, products, firms": ["Region", "Product", "Firm"],
    "stakes": ["Stake"],
    "plants": ["Plant", "Ramp", "Tranche", "Need", "Allocation"],
    "technologies": ["PlantTechnology", "StorageTechnology"],
    "lanes and duties": ["Lane", "Duty"],
    "markets": ["Market", "Demand"],
    "projects and prices": ["StorageProject", "Order", "PriceSeries"],
    "the money of a project": ["Finance", "Learning", "Debt", "Tax", "Subsidy", "Contract"],
    "the wear of a project": ["Ageing", "TemperatureColumn", "Augmentation", "Warranty", "Retention"],
    "shocks, observations, counterfactuals": ["Shock", "Observation", "Counterfactual"],
    "exchange_rates": ["ExchangeRate"],
}


def tables() -> str:
    """All tables, in Markdown."""
    schema = study_schema()
    named = {part for parts in PARTS.values() for part in parts if part}
    left_out = set(schema["$defs"]) - named - {"Day", "Quantity"}
    if left_out:
        raise SystemExit(f"parts without a table: {', '.join(sorted(left_out))}")
    sections = []
    for heading, parts in PARTS.items():
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
        meaning = field.get("description", "").split(" In ")[0].replace("``", "`").replace("|", "\\|")
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
    if "oneOf" in field:
        return " or ".join(_written(option) for option in field["oneOf"])
    if field.get("type") == "array":
        return f"list of {_written(field['items'])}"
    if str(field.get("pattern", "")).startswith("^[A-Za-z0-9]"):
        return "name"
    if field.get("examples") == ["2025-02"]:
        return "month"
    return {"string": "text", "integer": "whole number"}.get(str(field.get("type")), "text")


def page(text: str) -> str:
    """The page with its tables made anew."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{tables()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
