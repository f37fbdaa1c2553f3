"""Fixtures of the whole suite."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

# No law is judged by the clock, since what an example takes is mostly what is compiled at its first call; and each is
# held on the same examples in every run, so that a change is not refused for what it did not touch. New examples are
# looked for with `pytest --hypothesis-profile=search`.
settings.register_profile("search", deadline=None)
settings.register_profile("laws", deadline=None, derandomize=True)
settings.load_profile("laws")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pages, labels and prices beside the checkout; absent on a user's machine."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder of shared pages and data is not beside this checkout")
    return folder


@pytest.fixture
def within() -> Callable[[float], AbstractContextManager[None]]:
    """A bound on what a hostile input costs: seconds of processor, which a busy machine does not stretch."""

    @contextmanager
    def bound(seconds: float) -> Iterator[None]:
        begun = time.process_time()
        yield
        assert time.process_time() - begun < seconds

    return bound
