"""The text of a failure, taken apart: exceptions, frames, differences."""
