"""PostgreSQL addresses: the same server under another database, another driver, or in print.

What belongs here: rewriting addresses. What does not: reading them from the environment
(``config.py``), connecting (``database/server.py``).
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from psycopg.conninfo import conninfo_to_dict

# These have a place of their own in a URL; every other libpq parameter goes to its query.
NETLOC_KEYS = ("user", "password", "host", "port", "dbname")


def with_database(address: str, name: str) -> str:
    """The URL of database ``name`` on the server of ``address`` (a libpq URL or conninfo)."""
    return _url("postgresql", address, dbname=name)


def for_dagster(address: str) -> str:
    """``address`` as dagster-postgres needs it: SQLAlchemy has to be told to take psycopg2."""
    return _url("postgresql+psycopg2", from_dagster(address))


def from_dagster(address: str) -> str:
    """``address`` as libpq takes it, whether or not it is in Dagster's spelling."""
    return address.replace("postgresql+psycopg2:", "postgresql:", 1)


def for_people(address: str) -> str:
    """``address`` without its password, fit for a screen or a log."""
    return _url("postgresql", address, password=None)


def database_name(address: str) -> str:
    """The database that ``address`` names; libpq's rule where it names none: the user's name."""
    parts = conninfo_to_dict(address)
    return str(parts.get("dbname") or parts.get("user") or "postgres")


def _url(scheme: str, address: str, **changes: str | None) -> str:
    parts = {k: str(v) for k, v in (conninfo_to_dict(address) | changes).items() if v is not None}
    user = quote(parts.get("user", ""), safe="")
    if "password" in parts:
        user += ":" + quote(parts["password"], safe="")
    # Socket folders and lists of hosts only fit into the query, which takes every kind of host.
    query = {key: value for key, value in parts.items() if key not in NETLOC_KEYS}
    query |= {key: parts[key] for key in ("host", "port") if key in parts}
    at = f"{user}@" if user else ""
    tail = f"?{urlencode(query, quote_via=quote, safe='/')}" if query else ""
    return f"{scheme}://{at}/{quote(parts.get('dbname', ''), safe='')}{tail}"
