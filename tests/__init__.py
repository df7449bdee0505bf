"""The tests of runwatch; a package, so that they can share `tests.building`."""
