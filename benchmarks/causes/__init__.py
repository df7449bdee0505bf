"""How well failures are grouped by cause: planted faults, found again."""
