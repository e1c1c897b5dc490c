"""The Dagster assets: what exists, how it is made, and what a materialization says of it.

One module a group (``intake``, ``summary``, ``skills``, ``ihl``), each a few lines an asset; what they
share is in ``waves`` and ``materialization``. ``report`` and ``audit`` are outside every partition.
"""
