"""One service a home: who holds the lock, and what a killed holder leaves."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import psutil
import pytest

from ty_pipeline.errors import ServiceError
from ty_pipeline.service.lock import LOCK_FILE, running_ui, service_lock


def test_a_second_holder_is_told_who_has_it_and_where_its_ui_is(tmp_path: Path) -> None:
    with service_lock(tmp_path) as lock:
        with pytest.raises(ServiceError, match=rf"process {os.getpid()}; its UI is not up yet"):
            service_lock(tmp_path).__enter__()
        lock.write(ui="http://127.0.0.1:3000", processes=[])
        with pytest.raises(ServiceError, match=r"its UI is http://127\.0\.0\.1:3000\."):
            service_lock(tmp_path).__enter__()


def test_the_lock_is_free_after_its_holder(tmp_path: Path) -> None:
    with service_lock(tmp_path):
        pass
    with service_lock(tmp_path) as lock:
        lock.write(ui="http://127.0.0.1:3000", processes=[])
        assert running_ui(tmp_path) == "http://127.0.0.1:3000"
    assert running_ui(tmp_path) is None


def test_two_homes_are_two_services(tmp_path: Path) -> None:
    with service_lock(tmp_path / "one"), service_lock(tmp_path / "two"):
        assert running_ui(tmp_path / "one") is None


def test_processes_that_outlived_their_holder_are_ended(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as left:
        with service_lock(tmp_path) as lock:
            lock.write(ui=None, processes=[left.pid])
            note = (tmp_path / LOCK_FILE).read_text()
        (tmp_path / LOCK_FILE).write_text(note)
        with service_lock(tmp_path):
            assert left.wait(10) != 0


def test_a_process_that_got_the_number_of_one_of_ours_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as stranger:
        born = psutil.Process(stranger.pid).create_time() - 1
        note = f'{{"pid": 1, "ui": null, "processes": [[{stranger.pid}, {born}]]}}'
        (tmp_path / LOCK_FILE).write_text(note)
        with service_lock(tmp_path):
            assert stranger.poll() is None
        stranger.kill()


def test_a_note_that_was_cut_off_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / LOCK_FILE).write_text('{"pid": 12')
    with service_lock(tmp_path):
        assert running_ui(tmp_path) is None
