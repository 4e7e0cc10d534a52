"""What pages, feeds and calendars say of the record, each sentence once and in each language."""
