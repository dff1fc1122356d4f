"""Processes and their names."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.processes import is_running, name_process


def renumbered(number: object) -> str:
    host, _, token = name_process().split(".")
    return f"{host}.{number}.{token}"


def test_names_are_never_the_same() -> None:
    """Not even of one process: what begins anew is another."""
    assert name_process() != name_process()


def test_a_process_runs_until_it_has_ended() -> None:
    """On this machine, whose processes are known."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        assert is_running(renumbered(other.pid))
        other.kill()
        other.wait()
        assert not is_running(renumbered(other.pid))


@pytest.mark.parametrize("name", ["", "x", "a.b.c", "elsewhere.1.abcdef"])
def test_of_others_nothing_is_known(name: str) -> None:
    """One of another machine, or none at all, counts as gone."""
    assert not is_running(name)


def test_who_had_this_number_before_is_gone() -> None:
    """As in a container, whose first process always has the same; and no number is too high to be asked about."""
    assert not is_running(renumbered(os.getpid()))
    assert not is_running(renumbered(10**30))
