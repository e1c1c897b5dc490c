"""Folders for Unix sockets: closed to everyone else, and short enough to be a socket's address.

What belongs here: where such a folder is, making and removing it. What does not: what listens in it.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from ty_pipeline.errors import DatabaseUnavailable

# Linux takes 107 bytes, macOS 103: a home that works on one works on the other.
LONGEST_SOCKET_PATH = 103


def socket_folder(wanted: Path, socket_name: str) -> Path:
    """``wanted``, or where its path is too long a short folder that no other ``wanted`` has."""
    if len(os.fsencode(wanted / socket_name)) <= LONGEST_SOCKET_PATH:
        return wanted
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]
    # Not the temporary folder of TMPDIR: it differs between the shells of one user.
    return Path("/tmp") / f"ty_pipeline-{os.geteuid()}-{digest}"


def make_private_folder(folder: Path, *, uid: int, gid: int) -> None:
    """A folder of mode 700 that is ``uid``'s; one that is someone else's is refused."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid not in (uid, os.geteuid()):
        raise DatabaseUnavailable(
            f"{folder} belongs to another user (id {status.st_uid}); remove it or set TY_HOME."
        )
    os.chown(folder, uid, gid)
    folder.chmod(0o700)


def remove_socket_folder(folder: Path) -> None:
    """Leave nothing in /tmp; a folder that something listens in stays."""
    with suppress(OSError):
        folder.rmdir()
