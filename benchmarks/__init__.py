"""Speeds, each as a ratio against a reference that runs beside it."""
