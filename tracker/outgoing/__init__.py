"""What leaves this machine by itself: to whom it may go, and how. It knows no record."""
