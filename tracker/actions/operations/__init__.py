"""What operators do with the record as a whole: sign, audit, rebuild, check files."""
