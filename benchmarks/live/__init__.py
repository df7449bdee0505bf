"""The real app in a real terminal beside a live run: whether it is calm, whole and cheap."""
