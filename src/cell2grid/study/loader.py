"""A study from its file: the tree, the models, the library's technologies and the rules, in this order.

Every error names file, line and column. The parts are ``yaml_tree.py``, ``model.py``, ``shipped.py`` and ``rules.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from cell2grid.errors import StudyError
from cell2grid.study.model import Study
from cell2grid.study.quantity import figures
from cell2grid.study.refusals import Problem, model_problems, refusal
from cell2grid.study.rules import problems
from cell2grid.study.shipped import study_path, with_library
from cell2grid.study.yaml_tree import KeyPath, Tree, load_tree, parse_tree


@dataclass(frozen=True)
class LoadedStudy:
    """A study, and the file it was read from with the place of every value."""

    study: Study
    path: Path
    tree: Tree

    @property
    def text(self) -> str:
        """The file as it was written."""
        return self.tree.text

    def unfilled(self) -> tuple[tuple[KeyPath, str], ...]:
        """The path and the text of every figure that is still to be filled in, such as ``? system/year``."""
        return tuple((path, figure.text) for path, figure in figures(self.study) if figure.unfilled)


def load_study(study: Path | str, *, unfilled: bool = False) -> LoadedStudy:
    """The study of a file, or the one that ships under a name, checked as a whole.

    Parameters
    ----------
    study
        A path, or a name that ``cell2grid studies`` lists.
    unfilled
        Whether figures may still be open (``? system/year``); only ``assemble`` reads such a study.

    Raises
    ------
    StudyError
        The file cannot be read, or says something that cannot be; each problem has its line and column.

    >>> load_study("shanghai-megapack").study.plants["shanghai-megapack"].makes
    'megapack'
    """
    path = study_path(study)
    tree = load_tree(path)
    return LoadedStudy(study_of(tree, unfilled=unfilled), path, tree)


def read_study(study: Path | str) -> Study:
    """The study of a file or of a name that ships, ready to run; raises as ``load_study`` does."""
    return load_study(study).study


def parse_study(text: str, *, name: str = "study", unfilled: bool = False) -> Study:
    """The study that a YAML text spells; raises as ``load_study`` does, with ``name`` for the file."""
    return study_of(parse_tree(text, name=name), unfilled=unfilled)


def study_of(tree: Tree, *, unfilled: bool = False) -> Study:
    """The study of a tree, with the library's technologies, after all rules.

    Raises
    ------
    StudyError
        The tree is no study, or breaks a rule.
    """
    if not isinstance(tree.value, dict):
        raise StudyError("is no study; it begins with 'study: name'", where=tree.where(()))
    try:
        study = Study.model_validate(tree.value)
    except ValidationError as error:
        raise refusal(model_problems(error, tree, Study), tree) from None
    study = with_library(study)
    found = list(problems(study))
    if not unfilled:
        found += [
            Problem(path, f"'{figure.text}' is not filled in; write the figure, or run 'cell2grid assemble'")
            for path, figure in figures(study)
            if figure.unfilled
        ]
    if found:
        raise refusal(found, tree)
    return study
