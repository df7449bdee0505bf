"""What the app is measured against: the least that does the same kind of thing."""
