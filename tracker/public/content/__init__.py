"""What may be said in public of each kind of thing: allow-lists, one module for each concept."""
