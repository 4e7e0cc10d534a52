"""What both sides of the record share of the database: how it is opened, how writers queue, indexes, logs."""
