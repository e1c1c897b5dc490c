"""ty_pipeline: job postings fetched, summarised, graded, skill-tagged and scored, each step an interaction.

The package is read from the bottom up: errors, workflow and config know nothing of a database;
database, ledger and engine know nothing of Dagster; assets, sensors and jobs sit on top of them.
"""
