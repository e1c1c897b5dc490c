"""A built wheel carries everything the package reads at run time."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ty_pipeline.config import project_folder


@pytest.mark.long
def test_a_wheel_holds_sql_prompts_mappings_samples_and_taxonomy(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    shutil.copytree(project_folder() / "ty_pipeline", checkout / "ty_pipeline", symlinks=True)
    shutil.copytree(project_folder() / "sql", checkout / "sql")
    shutil.copy(project_folder() / "pyproject.toml", checkout)
    build(checkout, tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    needed = {
        str(file.relative_to(checkout))
        for file in (checkout / "ty_pipeline").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    needed |= {
        f"ty_pipeline/_sql/{file.relative_to(checkout / 'sql')}"
        for file in (checkout / "sql").rglob("*.sql")
    }
    assert needed - inside == set()


def build(checkout: Path, into: Path) -> None:
    options: list[str | Path] = [
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--wheel-dir",
        into,
    ]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, checkout], check=True)
