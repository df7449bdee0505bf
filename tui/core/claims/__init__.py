"""What a written status claims, read from Markdown and held against the counts. Pure, as all of `core`."""
