"""The time left of a run, as runwatch says it, against the time that was left."""
