"""Fields that custodians alone may read."""
