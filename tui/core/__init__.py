"""What is true of the results. Pure: no IO, no clock, no Textual, no rich, no reader."""
