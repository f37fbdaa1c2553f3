"""What the terminal shows: tables in a pipe are as wide as they need, on a screen as wide as it is."""

from __future__ import annotations

import pytest

from cell2grid.cli import output

LONG = "a publisher with a very long name that nobody would want to see folded over five lines of a narrow column"


def test_a_table_in_a_pipe_is_not_folded(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    output.table("sources", {"name": "left"}, [(LONG,)])
    assert LONG in capsys.readouterr().out


def test_a_width_that_is_asked_for_is_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    output.table("sources", {"name": "left"}, [(LONG,)])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) == 60
    assert "".join(line.strip("│") for line in lines[4:-1]).replace("\n", "").split() == LONG.split()


def test_no_text_does_anything_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.text import Text
    from rich.tree import Tree

    wild = "\x1b[2Jgone\x9b31m \u202eback \x07 [bold]not[/bold]"
    tree = Tree(Text(wild))
    tree.add(Text(wild))
    output.console().print(tree)
    output.console().print(wild, markup=False)
    output.table(wild, {"name": "left"}, [(wild,)])
    shown = capsys.readouterr().out
    assert shown.count("[2Jgone") == 5
    assert shown.count("[bold]not[/bold]") == 5
    assert not set("\x1b\x9b\x07\u202e") & set(shown)


def test_no_help_holds_a_word_that_the_terminal_would_take_for_a_style() -> None:
    """Of '[degC]' nothing would be left on the screen."""
    import re

    from typer.main import get_command

    from cell2grid.cli import app

    eaten = re.compile(r"\[[a-z#/@][^\[]*?\]")
    left = [("cell2grid", get_command(app))]
    while left:
        name, command = left.pop()
        texts = [command.help or "", *(getattr(each, "help", None) or "" for each in command.params)]
        assert not [text for text in texts if eaten.search(text)], name
        left += getattr(command, "commands", {}).items()
