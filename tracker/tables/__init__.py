"""Tables as people have them, read into the rows that an import takes: what doors share."""
