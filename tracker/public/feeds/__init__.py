"""What feeds carry, put together from finished documents and public acts."""
