from __future__ import annotations

import inspect

import pytest

from cell2grid import errors
from cell2grid.errors import Cell2gridError, InputError, NoAnswerError

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Cell2gridError)]


@pytest.mark.parametrize("kind", KINDS)
def test_each_error_is_drawn_in_the_tree_and_exits_as_it_says(kind: type[Cell2gridError]) -> None:
    assert errors.__doc__ is not None
    assert kind.__name__ in errors.__doc__
    expected = 2 if issubclass(kind, InputError) else 3 if issubclass(kind, NoAnswerError) else 1
    assert kind.exit_status == expected
    assert kind.__doc__


def test_a_message_begins_with_its_place() -> None:
    assert str(errors.StudyError("is empty", where="a.yaml:1:2")) == "a.yaml:1:2: is empty"
    assert str(errors.StudyError("is empty")) == "is empty"


def test_an_error_survives_the_way_from_another_process() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(errors.StudyError("is empty", where="a.yaml:1:2")))
    assert (error.message, error.where) == ("is empty", "a.yaml:1:2")
