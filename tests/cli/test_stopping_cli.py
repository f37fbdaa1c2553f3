"""A command that is told to stop, or killed, leaves no process behind that waits for ever."""

from __future__ import annotations

import ctypes
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cell2grid.cli import _not_raised, _stop, _stop_again
from cell2grid.evidence.keeping.store import open_store

WORK = ("run", "shanghai-megapack", "--out", "d", "--members", "400000", "--workers", "2", "--json")


@pytest.mark.parametrize(
    ("number", "status", "said"), [(signal.SIGKILL, -9, ""), (signal.SIGTERM, 130, "interrupted: what was stored")]
)
def test_workers_end_with_the_command_that_started_them(
    tmp_path: Path, number: signal.Signals, status: int, said: str
) -> None:
    ran = subprocess.Popen(
        [sys.executable, "-m", "cell2grid", *WORK],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(6.0)
    assert ran.poll() is None
    ran.send_signal(number)
    # the workers hold the pipes too, so that this waits for the last of them
    out, err = ran.communicate(timeout=30)
    assert (ran.returncode, out) == (status, "")
    assert said in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("workers", [1, 2])
def test_a_valuation_ends_at_once_on_ctrl_c_whatever_it_is_at(tmp_path: Path, workers: int) -> None:
    # Ctrl-C reaches the workers too, and is as likely as not to come while compiled code hands back what it found
    (tmp_path / "fen.yaml").write_text(
        "{project: fen, power: 20 MW, energy: 40 MWh, prices: {currency: EUR},"
        " ageing: {cells: gasper-2023-lfp-250ah, scale: 0.8 .. 1.3 ratio},"
        " finance: {capital_cost: 90 EUR/kWh, discount_rate: 6 percent/year, life: 20 year}}",
        encoding="utf-8",
    )
    command = ("value", "fen.yaml", "--synthetic", "1", "--members", "20000", "--workers", str(workers), "--out", "d")
    for begun in (5.0, 5.7):
        ran = subprocess.Popen(
            [sys.executable, "-m", "cell2grid", *command],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        time.sleep(begun)
        assert ran.poll() is None
        os.killpg(ran.pid, signal.SIGINT)
        out, err = ran.communicate(timeout=30)
        assert (ran.returncode, out) == (130, "")
        assert "Traceback" not in err
        assert not (tmp_path / "d").exists()


def test_an_interrupt_waits_while_compiled_code_hands_back_what_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    again: list[int] = []
    monkeypatch.setattr("cell2grid.cli._ending", threading.Event())
    monkeypatch.setattr(os, "kill", lambda process, number: again.append(number))
    handed_back = eval("lambda stop: stop()", {"__name__": "namedtuple_Found"})
    handed_back(lambda: _stop(signal.SIGINT, sys._getframe()))
    until = time.monotonic() + 5.0
    while not again and time.monotonic() < until:
        time.sleep(0.005)
    assert again == [signal.SIGINT]
    monkeypatch.setattr("cell2grid.cli._LOST", 0.02)
    again.clear()
    with pytest.raises(KeyboardInterrupt):
        _stop(signal.SIGINT, sys._getframe())
    # where that was lost, as in a compiler, it is sent once more
    until = time.monotonic() + 5.0
    while not again and time.monotonic() < until:
        time.sleep(0.005)
    assert again == [signal.SIGINT]


def test_an_interrupt_that_comes_as_the_command_ends_changes_nothing_and_one_more_ends_it_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ending, left = threading.Event(), []
    monkeypatch.setattr("cell2grid.cli._ending", ending)
    monkeypatch.setattr(os, "kill", lambda process, number: ending.set())
    monkeypatch.setattr(os, "_exit", left.append)
    _stop_again(signal.SIGINT)
    # the command came to its end between the look at it and the signal
    _stop(signal.SIGINT, sys._getframe())
    assert left == []
    _stop(signal.SIGINT, sys._getframe())
    assert left == [130]


def test_an_interrupt_lost_in_a_call_back_from_a_compiler_is_sent_again_in_silence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    again: list[int] = []
    monkeypatch.setattr("cell2grid.cli._ending", threading.Event())
    monkeypatch.setattr(os, "kill", lambda process, number: again.append(number))
    monkeypatch.setattr(sys, "unraisablehook", _not_raised)

    def raised(error: type[BaseException]) -> None:
        def stop() -> None:
            raise error

        # as a compiler calls to keep what it made; what is raised in it reaches nobody
        ctypes.CFUNCTYPE(None)(stop)()

    raised(KeyboardInterrupt)
    until = time.monotonic() + 5.0
    while not again and time.monotonic() < until:
        time.sleep(0.005)
    assert again == [signal.SIGINT]
    assert capsys.readouterr().err == ""
    # any other fault is told as ever
    raised(ValueError)
    assert "ValueError" in capsys.readouterr().err


def test_reading_that_is_killed_loses_the_page_in_hand_and_goes_on_when_asked_again(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(40):
        said = " ".join(f"Orsa Mines shipped {10_000 + number * 10 + line:,} packs in May 2025." for line in range(10))
        (pages / f"{number:02d}.txt").write_text(f"{said}\n", encoding="utf-8")
    command = [sys.executable, "-m", "cell2grid", "read", "pages", "--store", "claims.db"]
    ran = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    store = tmp_path / "claims.db"
    while not store.exists() or _pages_in(store) < 3:
        assert ran.poll() is None
        time.sleep(0.02)
    ran.kill()
    ran.communicate()
    with sqlite3.connect(store) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    with open_store(store) as opened:
        before = opened.paths()
        assert 3 <= len(before) < 40
        assert opened.count() == 10 * len(before)
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    with open_store(store) as opened:
        assert len(opened.paths()) == 40
        assert list(opened.paths())[: len(before)] == list(before)
        assert opened.count() == 10 * 40


def _pages_in(store: Path) -> int:
    connection = sqlite3.connect(store)
    try:
        return int(connection.execute("SELECT count(*) FROM documents").fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # its tables are being laid
    finally:
        connection.close()
