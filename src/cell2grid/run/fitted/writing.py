"""The text of a study with its fitted figures put in: each where it stands, all comments and the order as they are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cell2grid.errors import StudyError
from cell2grid.study.edits.paths import part_at
from cell2grid.study.loader import parse_study

if TYPE_CHECKING:
    from cell2grid.run.fitted.fitting import Fitted
    from cell2grid.study.loader import LoadedStudy

DIGITS = 6


def with_fitted(fitted: Fitted, loaded: LoadedStudy) -> str:
    """The text of the study with the unknowns, and what goes with them in proportion, as they were fitted.

    Raises
    ------
    StudyError
        A figure stands in several places of the text at once, or the new text breaks a rule.
    """
    asked = fitted.asked
    reason = f"assumed: fitted to {', '.join(list(asked.observations)[: asked.used])}"
    values: dict[str, float] = {}
    for path, value in zip(asked.paths, fitted.estimate.values.tolist(), strict=True):
        values[path] = value
        written = asked.figures[path].value
        values |= {other: asked.figures[other].value * value / written for other in asked.unknown(path).also}
    edits = {}
    for path, value in values.items():
        key = part_at(loaded.tree.value, path)
        mark = loaded.tree.marks[key]
        if mark.repeated:
            raise StudyError(
                f"'{path}' is said once for several places (a YAML alias); write it out, and fit again",
                where=loaded.tree.where(key),
            )
        edits[mark] = f"{value:.{DIGITS}g} {asked.figures[path].unit} [{reason}]"
    text = loaded.tree.text
    for mark, figure in sorted(edits.items(), key=lambda edit: edit[0].start, reverse=True):
        text = f"{text[: mark.start]}{json.dumps(figure, ensure_ascii=False)}{text[mark.end :]}"
    parse_study(text, name=str(loaded.path))
    return text
