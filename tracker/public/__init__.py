"""The public side: what the world may see, and nothing else.

Allow-list shapes, finished documents and events, their tables and queries. Written by the same transaction as
the act; read by everything that is anonymous. It cannot name the record: nothing here imports `tracker.store`.
"""
