"""What to read, and when. Knows the readers; cannot name the Store."""
