"""What both doors share of HTTP: the middleware in front of them, and caching."""
