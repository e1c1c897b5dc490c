"""Who the embedded server runs as: PostgreSQL refuses to run as root.

What belongs here: choosing the user, and reaching folders that this user could not enter. What does
not: starting anything (``database/embedded.py``).

As an ordinary user there is nothing to choose. As root (a container, most often) the server runs as
the owner of an existing data folder, else as ``nobody``. Where that user cannot enter a parent
folder (``/root`` is closed to all but root), the server is given the one kernel capability that
lets it read on, instead of opening the folder to everyone.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ty_pipeline.errors import DatabaseUnavailable

# The weaker first; containers often grant root only the second.
CAPABILITIES = ("dac_read_search", "dac_override")


@dataclass(frozen=True, kw_only=True)
class ServerUser:
    """The identity of the server's process, and how to take it on."""

    uid: int  # owner of the data folder and the socket
    gid: int  # its group
    switch: bool  # whether the process has to change from root to uid
    prefix: tuple[str, ...] = ()  # program that changes it and keeps a capability, if needed

    def command(self, command: Sequence[str]) -> list[str]:
        """``command`` as this user runs it."""
        return [*self.prefix, *command]

    def identity(self) -> dict[str, Any]:
        """Keyword arguments for subprocess that take on the identity."""
        if not self.switch or self.prefix:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def server_user(data_root: Path, program: Path) -> ServerUser:
    """The user that owns ``data_root`` (which may not exist yet) and can run ``program``.

    Raises DatabaseUnavailable when root's stand-in can reach them by no means.
    """
    if os.geteuid() != 0:
        return ServerUser(uid=os.geteuid(), gid=os.getegid(), switch=False)
    account = _account_for(data_root)
    # The folder that exists by now: data_root itself is made by the caller, for this user.
    folder = data_root.parent
    for candidate in _candidates(account):
        if _reaches(candidate, folder, program):
            return candidate
    raise DatabaseUnavailable(
        f"PostgreSQL does not run as root, and user {account.pw_name} cannot enter {folder} or "
        f"{program.parent}: clone into a folder that other users may enter, "
        "or set TY_DATABASE_URL."
    )


def _account_for(data_root: Path) -> pwd.struct_passwd:
    if data_root.exists() and data_root.stat().st_uid != 0:
        return pwd.getpwuid(data_root.stat().st_uid)
    return pwd.getpwnam("nobody")


def _candidates(account: pwd.struct_passwd) -> list[ServerUser]:
    uid, gid = account.pw_uid, account.pw_gid
    plain = ServerUser(uid=uid, gid=gid, switch=True)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return [plain]
    to_user = (setpriv, f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
    # Without no_setuid_fixup access(2), by which initdb looks for postgres, ignores capabilities.
    keep = "--securebits=+no_setuid_fixup"
    return [plain] + [
        ServerUser(
            uid=uid,
            gid=gid,
            switch=True,
            prefix=(*to_user, keep, f"--inh-caps=+{name}", f"--ambient-caps=+{name}", "--"),
        )
        for name in CAPABILITIES
    ]


def _reaches(user: ServerUser, folder: Path, program: Path) -> bool:
    """Tried, not computed: access lists and read-only mounts have their say too."""
    command = ["/bin/sh", "-c", 'test -x "$1" && test -r "$2" && test -x "$2"', "sh"]
    tried = subprocess.run(
        user.command([*command, str(folder), str(program)]),
        cwd="/",
        capture_output=True,
        **user.identity(),
    )
    return tried.returncode == 0
