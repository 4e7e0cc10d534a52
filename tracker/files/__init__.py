"""Evidence bytes: kept exactly as they came, hashed while they stream in, found again under random keys.

Nothing here knows what a file is about, who sent it, or what it was called. That is the record's.
"""
