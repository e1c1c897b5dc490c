"""Where Dagster keeps its own data, for ``dagster.yaml``: our settings decide, as for everything.

What belongs here: Dagster's storage classes with the address and folders taken from
``config.py``. What does not: any behaviour of storage, which stays Dagster's.

So every ``dagster`` command works in the checkout with nothing exported, the embedded server is
started for it where needed, and no password is in the configuration that Dagster hands from
process to process.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dagster._config.config_schema import UserConfigSchema
from dagster._core.storage.local_compute_log_manager import LocalComputeLogManager
from dagster._core.storage.root import LocalArtifactStorage
from dagster._serdes import ConfigurableClassData
from dagster_postgres import DagsterPostgresStorage

from ty_pipeline.config import load_settings
from ty_pipeline.database.server import database_urls


class Storage(DagsterPostgresStorage):
    """Runs, events and schedules in the database that DAGSTER_POSTGRES_URL names or implies."""

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> Storage:
        return cls(postgres_url=database_urls(load_settings()).dagster, inst_data=inst_data)

    # What releases of Dagster before the unified storage read; there are none here.
    @property
    def event_storage_data(self) -> None:
        return None

    @property
    def run_storage_data(self) -> None:
        return None

    @property
    def schedule_storage_data(self) -> None:
        return None


class Artifacts(LocalArtifactStorage):
    """Files of Dagster's own under TY_HOME."""

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> Artifacts:
        return cls(base_dir=str(load_settings().home / "dagster"), inst_data=inst_data)


class ComputeLogs(LocalComputeLogManager):
    """Standard output and error of every run under TY_HOME."""

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> ComputeLogs:
        return cls(base_dir=str(load_settings().logs_dir / "runs"), inst_data=inst_data)
