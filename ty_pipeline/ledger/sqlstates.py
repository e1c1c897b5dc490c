"""The database's own error codes and the exceptions they become.

Belongs here: the one table of SQLSTATEs that functions under ``sql/`` raise. Not here: what the codes
mean in words (the functions say it), nor errors of other systems.

    TY001  the ledger is never deleted          TY002  what it recorded is never rewritten
    TY003  an input of another posting          TY005  an undeclared transition
    TY006  a flag change without a reason, or lifted by hand
    TY404  not declared                         TY409  the claim was taken over
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from ty_pipeline.errors import (
    DatabaseUnavailable,
    FenceLost,
    InvariantViolated,
    LedgerError,
    TyPipelineError,
)

BY_STATE: dict[str, type[LedgerError]] = {
    "TY001": InvariantViolated,
    "TY002": InvariantViolated,
    "TY003": InvariantViolated,
    "TY005": InvariantViolated,
    "TY006": InvariantViolated,
    "TY404": LedgerError,
    "TY409": FenceLost,
}


@contextmanager
def ledger_errors() -> Iterator[None]:
    """Turn psycopg's errors inside the block into ours."""
    try:
        yield
    except psycopg.Error as error:
        raise _ours(error) from error


def _ours(error: psycopg.Error) -> TyPipelineError:
    message = error.diag.message_primary or str(error).strip()
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        return DatabaseUnavailable(f"The connection to the database was lost: {message}")
    kind = BY_STATE.get(error.sqlstate or "")
    if kind is None and isinstance(error, psycopg.errors.IntegrityError):
        kind = InvariantViolated
    return (kind or LedgerError)(message)
