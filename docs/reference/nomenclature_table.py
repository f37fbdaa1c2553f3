"""Writes the tables of nomenclature.md: run it after a row has changed; a test compares the two."""

from __future__ import annotations

from pathlib import Path

from cell2grid.engines import ENGINES, engine
from cell2grid.nomenclature import Variable, variables

PAGE = Path(__file__).parent / "nomenclature.md"
BEGIN, END = "<!-- tables begin -->", "<!-- tables end -->"


def tables() -> str:
    """All tables, in Markdown: one for each engine, in the order of the nomenclature."""
    # the first engine that makes it: energy and reserve together write what dispatch writes, and more
    made_by = {name: key for key in reversed(ENGINES) for name in engine(key).WRITES}
    order = list(dict.fromkeys(made_by[name] for name in variables() if name in made_by))
    sections = []
    for key in order:
        made = [row for row in variables().values() if made_by.get(row.name) == key]
        given = [row for row in variables().values() if _first_reader(row.name, made_by, order) == key]
        sections += [f"### {key}", _table(made, "made"), _table(given, "given")]
    others = [row for row in variables().values() if _is_label(row.name, made_by, order)]
    return "\n\n".join([*sections, "### Labels", _table(others, "label")])


def _first_reader(name: str, made_by: dict[str, str], order: list[str]) -> str | None:
    """The first engine that reads what no engine makes."""
    return None if name in made_by else next((key for key in order if name in engine(key).READS), None)


def _is_label(name: str, made_by: dict[str, str], order: list[str]) -> bool:
    return name not in made_by and _first_reader(name, made_by, order) is None


def _table(rows: list[Variable], heading: str) -> str:
    headings = [heading, "dims", "unit", "meaning", *(["equation"] if heading == "made" else [])]
    lines = [_row(headings), "|---" * len(headings) + "|"]
    for row in rows:
        dims = ", ".join(row.dims) or "one number"
        cells = [f"`{row.name}`", dims, row.unit, row.sentence]
        lines.append(_row([*cells, _link(row)] if heading == "made" else cells))
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _link(row: Variable) -> str:
    if row.equation is None:
        raise SystemExit(f"'{row.name}' is made by an engine and has no equation")
    page, anchor = row.equation.split("#")
    return f"[{page}](../formulation/{page}.md#{anchor})"


def page(text: str) -> str:
    """The page with its tables made anew."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{tables()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
