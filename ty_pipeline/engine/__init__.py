"""Doing what is owed: fetching, staging and promoting a partition, and waves of steps over it.

``intake`` brings postings in, ``wave`` does one step of one partition, ``recorder`` writes answers in
group commits, ``lanes`` are their connections, ``passes`` runs the steps of one asset and says what is left. No Dagster in here.
"""
