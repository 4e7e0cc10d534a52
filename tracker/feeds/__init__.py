"""Finished public bytes, answered in front of Flask."""
