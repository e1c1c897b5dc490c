"""Sources: where job postings come from, as pages of bytes and rows parsed from them.

What belongs here: reading a feed, mapping its columns and cleaning its text. What does not:
writing pages and rows to the ledger (``engine``), deciding what is current (the database) and
what is done with a posting (``actors``).
"""
