"""Every setting of the product: its name, default, what it accepts, and the one place it is read.

What belongs here: reading the environment and ``.env`` into one frozen value. What does not: using
a setting. Nothing is read at import; ``.env.example`` is this module's table, printed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from dotenv import dotenv_values
from psycopg.conninfo import conninfo_to_dict

from ty_pipeline.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the environment and ``.env`` say, checked; paths are absolute."""

    home: Path  # data, logs and locks of this installation
    database_url: str | None  # libpq URL or conninfo of our database; None: the embedded server
    dagster_postgres_url: str | None  # libpq URL of Dagster's storage; None: beside our database
    port: int  # first port tried for the Dagster UI
    mappings_dir: Path | None  # folder of the user's column mappings, looked at before our own
    claim_batch: int  # nodes claimed at once for a model step
    call_slots: int  # calls of one actor that may run at the same time in one process
    commit_ms: int  # longest wait of an answer for others to be committed with, milliseconds
    lease_seconds: int  # how long a claim holds without a heartbeat
    pass_postings: int  # postings after which one pass of a partition ends
    pass_minutes: float  # minutes after which one pass of a partition ends

    @property
    def logs_dir(self) -> Path:
        """What every process of the service writes, one file each."""
        return self.home / "logs"

    @property
    def taxonomy_dir(self) -> Path:
        """Where `taxonomy import` keeps what it imported."""
        return self.home / "taxonomy"


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One environment variable and how its text becomes a field of Settings."""

    name: str  # in the environment
    field: str  # in Settings
    default: str  # text used when it is unset or empty; "" stands for None
    accepts: str  # end of the sentence "it must be ..."
    help: str  # for .env.example
    parse: Callable[[str], Any]  # raises ValueError
    secret: bool = False  # its value is never shown


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """The settings in ``env``, by default the environment and, below it, ``.env``.

    Raises ConfigError, one sentence that names the variable, its value and what is accepted.
    """
    values = _environment() if env is None else env
    return Settings(**{variable.field: _read(variable, values) for variable in variables()})


def project_folder() -> Path:
    """The checkout that this package is imported from, else the current folder."""
    checkout = Path(__file__).resolve().parents[1]
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def env_example() -> str:
    """The text of ``.env.example``: every setting with its default, commented out."""
    head = (
        "# Every setting of ty_pipeline. Copy to .env and change what you need; the environment\n"
        "# wins over .env. Relative paths start at the folder that holds this file.\n"
    )
    blocks = (
        f"\n# {v.help}\n# Accepts {v.accepts}.\n# {v.name}={v.default}\n" for v in variables()
    )
    return head + "".join(blocks)


def variables() -> tuple[Variable, ...]:
    """Every variable that is read, in the order of ``.env.example``."""
    return (*_places(), *_engine())


def _places() -> tuple[Variable, ...]:
    url = "a PostgreSQL URL such as postgresql://user:password@host:5432/database"
    return (
        Variable(
            name="TY_HOME",
            field="home",
            default=".ty",
            accepts="the path of a folder",
            help="Data of the embedded PostgreSQL, logs and locks.",
            parse=_path,
        ),
        Variable(
            name="TY_DATABASE_URL",
            field="database_url",
            default="",
            accepts=url,
            help="Our database on PostgreSQL 15 or later. Unset: the embedded server.",
            parse=_address,
            secret=True,
        ),
        Variable(
            name="DAGSTER_POSTGRES_URL",
            field="dagster_postgres_url",
            default="",
            accepts=url,
            help="Dagster's storage. Unset: a database named dagster beside ours.",
            parse=_dagster_address,
            secret=True,
        ),
        Variable(
            name="TY_PORT",
            field="port",
            default="3000",
            accepts="a whole number from 1 to 65535",
            help="Port of the Dagster UI on 127.0.0.1; the next free one is taken if it is busy.",
            parse=_whole(1, 65535),
        ),
        Variable(
            name="TY_MAPPINGS_DIR",
            field="mappings_dir",
            default="",
            accepts="the path of a folder that exists",
            help="Your column mappings (*.toml) for `file` sources, before those we ship.",
            parse=_existing_folder,
        ),
    )


def _engine() -> tuple[Variable, ...]:
    return (
        Variable(
            name="TY_CLAIM_BATCH",
            field="claim_batch",
            default="256",
            accepts="a whole number from 1 to 1000",
            help="Nodes claimed at once for a model step.",
            parse=_whole(1, 1000),
        ),
        Variable(
            name="TY_CALL_SLOTS",
            field="call_slots",
            default="16",
            accepts="a whole number from 1 to 1000",
            help="Calls of one actor at the same time in one process.",
            parse=_whole(1, 1000),
        ),
        Variable(
            name="TY_COMMIT_MS",
            field="commit_ms",
            default="20",
            accepts="a whole number from 0 to 50",
            help="Longest wait of an answer for others to be committed with, in milliseconds.",
            parse=_whole(0, 50),
        ),
        Variable(
            name="TY_LEASE_SECONDS",
            field="lease_seconds",
            default="60",
            accepts="a whole number from 1 to 3600",
            help="How long claimed work stays claimed after its worker fell silent.",
            parse=_whole(1, 3600),
        ),
        Variable(
            name="TY_PASS_POSTINGS",
            field="pass_postings",
            default="10000",
            accepts="a whole number from 1 to 1000000",
            help="Postings after which one pass of a partition ends; the rest is asked for again.",
            parse=_whole(1, 1_000_000),
        ),
        Variable(
            name="TY_PASS_MINUTES",
            field="pass_minutes",
            default="30",
            accepts="a number from 0.1 to 1440",
            help="Minutes after which one pass of a partition ends.",
            parse=_number(0.1, 1440),
        ),
    )


def _environment() -> dict[str, str]:
    file = dotenv_values(project_folder() / ".env", interpolate=False)
    return {name: value for name, value in file.items() if value is not None} | dict(os.environ)


def _read(variable: Variable, values: Mapping[str, str]) -> Any:
    text = values.get(variable.name, "").strip() or variable.default
    if text == "":
        return None
    try:
        return variable.parse(text)
    except ValueError:
        shown = "has a value that cannot be used" if variable.secret else f"is {text!r}"
        raise ConfigError(f"{variable.name} {shown}: it must be {variable.accepts}.") from None


def _path(text: str) -> Path:
    return Path(os.path.abspath(project_folder() / Path(text).expanduser()))


def _existing_folder(text: str) -> Path:
    path = _path(text)
    if not path.is_dir():
        raise ValueError(text)
    return path


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise ValueError(text)
        return value

    return parse


def _number(least: float, most: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        value = float(text)
        if not least <= value <= most:
            raise ValueError(text)
        return value

    return parse


def _address(text: str) -> str:
    try:
        conninfo_to_dict(text)
    except psycopg.ProgrammingError:
        # Its message may quote a piece of the password.
        raise ValueError("not an address") from None
    return text


def _dagster_address(text: str) -> str:
    """Dagster's own spelling is taken too; the scheme it needs is put back on the way to it."""
    return _address(text.replace("postgresql+psycopg2:", "postgresql:", 1))
