"""The command line: one module a command, ``main`` puts them together.

Belongs here: arguments, what is printed, exit codes. Not here: what a command does (``ledger``,
``runs``, ``service``, ``bootstrap``).

Modules import at their top only what costs nothing, and the rest inside the command: ``status`` has to
answer at once, and Dagster alone takes seconds to import.
"""
