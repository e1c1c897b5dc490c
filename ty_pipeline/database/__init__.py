"""Reaching PostgreSQL: the embedded server, the databases on it, migrations."""
