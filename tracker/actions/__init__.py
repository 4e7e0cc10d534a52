"""What a person can do: one verb, one function, one transaction.

Every function takes a `Unit` (who acts, when, and the open transaction), checks, records, and returns.
Only `unit.py` commits.
"""
