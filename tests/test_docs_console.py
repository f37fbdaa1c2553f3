"""What the tutorial and the how-to pages show is what the program prints.

Each page is followed in an empty folder: a code block with a caption is written to the file of that name, a console
block is run, and what stands below a command must come out of it, in order. ``…`` stands for anything; frames of tables
and the width of lines do not count. A comment line ``% $ command`` is run and not shown. Where a change of the model
moves a number, the failure shows what is printed now: put that into the page.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"
TUTORIAL = DOCS / "tutorial/first-report.md"
PAGES = [TUTORIAL, DOCS / "tutorial/markets.md", *sorted((DOCS / "how-to").glob("*.md"))]
_BLOCK = re.compile(
    r"^```\{code-block\} \w+\n:caption: (?P<file>\S+)\n\n?(?P<content>.*?)^```$"
    r"|^```console\n(?P<console>.*?)^```$"
    r"|^% \$ (?P<hidden>[^\n]*)$",
    re.MULTILINE | re.DOTALL,
)
_FRAMES = re.compile(r"[┏━┳┓┃┡╇┩│└─┴┘├]")


def _steps(page: Path) -> Iterator[tuple[str, str, str]]:
    """What to do in turn: ``file``, its name and content; or ``run``, the command and what it shall print."""
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["file"]:
            yield "file", block["file"], block["content"]
        elif block["hidden"]:
            yield "run", block["hidden"], ""
        else:
            for part in re.split(r"^\$ ", block["console"], flags=re.MULTILINE)[1:]:
                command, _, expected = re.sub(r"\\\n\s*", "", part).partition("\n")
                yield "run", command, expected


def _plain(text: str) -> str:
    return " ".join(_FRAMES.sub(" ", text).split())


def _missing(expected: str, printed: str) -> str | None:
    """The first piece of what was expected that was not printed after the one before it."""
    at, said = 0, _plain(printed)
    for piece in (piece.strip() for piece in _plain(expected).split("…")):
        found = said.find(piece, at)
        if found < 0:
            return piece
        at = found + len(piece)
    return None


def _write(folder: Path, name: str, content: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_shows_what_the_program_prints(page: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "NO_COLOR": "1", "TERM": "dumb", "USER": "reader"}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    environment.pop("COLUMNS", None)
    if page != TUTORIAL:
        for kind, name, content in _steps(TUTORIAL):
            if kind == "file":
                _write(tmp_path, name, content)
    ran = 0
    for kind, name, content in _steps(page):
        if kind == "file":
            _write(tmp_path, name, content)
            continue
        if not re.match(r"cell2grid |printf |grep ", name):
            continue
        done = subprocess.run(
            ["sh", "-c", name],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        refused = content.startswith("error:")
        assert done.returncode == (2 if refused else 0), f"$ {name}\n{done.stderr}"
        missing = _missing(content, done.stderr if refused else done.stdout)
        assert missing is None, f"$ {name}\ndid not print: {missing}\nbut:\n{done.stdout}{done.stderr}"
        ran += 1
    assert ran, "the page shows no command"


def test_a_piece_that_is_not_printed_is_found() -> None:
    assert _missing("│a │ 1 │\n…\n3 things, …", "┃a ┃ 1 ┃\nb 2\n3 things, 4 s") is None
    assert _missing("a … b", "b a") == "b"
