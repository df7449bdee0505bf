"""Agent platform: a chat backend that tells its clients what an agent does while it does it."""
