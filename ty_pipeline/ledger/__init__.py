"""The ledger as Python sees it: one short function per SQL function, and reads through views.

``work`` claims and records, ``intake`` fetches and stages, ``declare`` synchronises configuration,
``reads`` answers questions. Tables are named nowhere else in Python; how work is done is ``engine``.
"""
