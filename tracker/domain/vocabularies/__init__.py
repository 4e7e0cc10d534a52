"""The codes of the field: what they are, what they mean, where they come from."""
