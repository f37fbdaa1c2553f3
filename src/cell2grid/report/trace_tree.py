"""A trace as a tree for the terminal. What it holds is in ``trace.py``; no word of a page is read as markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.trace import Cited, Step, StudyValue, Trace
from cell2grid.report.traced_values import ResultValue
from cell2grid.report.wording import amount, between

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree

_MOST = 3
_SHARES = {"percent": 1.0, "ratio": 100.0}


def tree(found: Trace) -> Tree:
    """The trace as a tree: the result at the root, the sentences at the leaves."""
    from rich.text import Text
    from rich.tree import Tree

    root = Tree(Text(f"{found.name}  ({found.kind} of study {found.study})", style="bold"), guide_style="dim")
    shown = _shown(found.results)
    for value in shown:
        root.add(Text(_told(value), style="cyan"))
    if len(found.results) > len(shown):
        root.add(Text(f"… {len(found.results) - len(shown)} more values, with --json", style="dim"))
    if found.formula and found.kind != "variable":
        root.add(Text(found.formula, style="italic"))
    for figure in found.reported:
        _add_value(root, figure)
    for step in found.steps:
        _add_step(root, step)
    return root


def _shown(values: tuple[ResultValue, ...]) -> list[ResultValue]:
    """The last value of each plant or project where there are many, else all."""
    if len(values) <= 2 * _MOST:
        return list(values)
    last = {(value.label, value.of): value for value in values}
    return list(last.values())[: 4 * _MOST]


def _told(value: ResultValue) -> str:
    who = " ".join(part for part in (value.label.replace("_", " "), value.of, value.when) if part)
    if value.text is not None:
        return f"{who}: {value.text}"
    if value.mean is None:
        return f"{who}: no value in any member"
    if value.label == "residual" and value.unit in _SHARES:
        # the difference of two shares is no share of either
        return f"{who}: {amount(_SHARES[value.unit] * value.mean, 'percentage_point')}"
    if value.p10 is None or value.p90 is None:
        return f"{who}: {amount(value.mean, value.unit, reported=value.label == 'reported')}"
    return f"{who}: {amount(value.mean, value.unit)} (p10 to p90: {between(value.p10, value.p90, value.unit)})"


def _add_step(branch: Tree, step: Step) -> None:
    from rich.text import Text

    head = Text.assemble((step.variable, "bold"), f" [{step.unit}]  {step.sentence}")
    inner = branch.add(head)
    if step.seen:
        inner.add(Text("followed above", style="dim"))
        return
    if step.formula or step.engine:
        page = f"  (formulation/{step.equation})" if step.equation else ""
        engine = f"engine {step.engine}: " if step.engine else ""
        inner.add(Text(f"{engine}{step.formula or step.sentence}{page}", style="italic"))
    for value in step.values:
        _add_value(inner, value)
    for read in step.inputs:
        _add_step(inner, read)


def _add_value(branch: Tree, value: StudyValue) -> None:
    from rich.text import Text

    inner = branch.add(Text.assemble((value.path, "green"), "  ", (value.text, "bold")))
    for source in value.sources:
        inner.add(Text(source))
    for sentence in value.sentences:
        inner.add(_quoted(sentence))


def _quoted(sentence: Cited) -> Text:
    from rich.text import Text

    text = Text(f"“{sentence.quote}”  — {', '.join(filter(None, (sentence.title, sentence.publisher, sentence.date)))}")
    if sentence.value_text:
        text.highlight_words([sentence.value_text], style="reverse")
    return text
