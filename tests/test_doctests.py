"""The examples in the docstrings run and print what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import cell2grid

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(cell2grid.__path__, "cell2grid.")
    if not module.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_of(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, f"{name} does not say what it holds"
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    with_examples = [
        test.name for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples
    ]
    assert len(with_examples) > 50
