"""runwatch: a live terminal monitor for test results. Holds the version only; imports nothing."""

__version__ = "0.1.0"
