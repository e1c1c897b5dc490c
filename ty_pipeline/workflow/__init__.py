"""What the pipeline does, declared: conversations, their inputs, guards, branches and actors.

``model`` has the values, ``check`` refuses a declaration that contradicts itself, ``workflow_3001``
is the declaration. Synchronising it to the database is ``ledger.declare``; doing it is ``engine``.
"""
