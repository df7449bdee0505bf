"""What is done with the selected tests: the editor, the clipboard, running them again."""
