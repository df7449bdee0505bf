"""A fuzz harness over every reader: mutated documents, and what must hold of them all (README.md)."""
