"""What acts share: the unit of work, visibility, look-ups, support, the queue, search, idempotency."""
