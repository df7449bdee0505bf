"""The real app in a real terminal beside a live run: is it calm, whole and cheap?"""
