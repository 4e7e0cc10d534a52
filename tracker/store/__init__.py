"""The private record: tables and queries, one file per concept. Nothing here commits."""
