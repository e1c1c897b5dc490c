"""Every source that this installation knows, by id.

What belongs here: putting the shipped sources and a user's own mappings together. What does not:
the sources table (``ledger``), settings (``config``).
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from ty_pipeline.errors import MappingError
from ty_pipeline.sources.file import FileSource
from ty_pipeline.sources.mapping import load_mapping
from ty_pipeline.sources.row import Source
from ty_pipeline.sources.sample import SampleSource


def load_sources(mappings_dir: Path | None) -> dict[str, Source]:
    """The sample source, the shipped mappings and every ``*.toml`` in ``mappings_dir``, by id.

    Raises:
        MappingError: a mapping is wrong, two have one id, or the folder is not there; the sentence
            names the file.
    """
    sample = SampleSource()
    sources: dict[str, Source] = {sample.source_id: sample}
    for path in [*_shipped(), *_own(mappings_dir)]:
        source = _file_source(path)
        if source.source_id in sources:
            raise MappingError(
                f'The mapping {path} has the source_id "{source.source_id}", which another source'
                " has; choose another."
            )
        sources[source.source_id] = source
    return sources


def _shipped() -> Iterator[Path]:
    with resources.as_file(resources.files("ty_pipeline.sources") / "mappings") as folder:
        yield from sorted(folder.glob("*.toml"))


def _own(folder: Path | None) -> list[Path]:
    if folder is None:
        return []
    if not folder.is_dir():
        raise MappingError(
            f"The folder of mappings {folder} is not there; make it or name another."
        )
    return sorted(folder.glob("*.toml"))


def _file_source(path: Path) -> FileSource:
    mapping = load_mapping(path)
    feed = path.parent / mapping.feed if mapping.feed else None
    return FileSource(mapping=mapping, feed=feed)
