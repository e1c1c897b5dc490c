"""The processes around the engine: Dagster's three, the embedded database, and who watches them."""
