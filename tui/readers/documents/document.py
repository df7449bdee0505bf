"""The frame of readers whose source is one JSON document. May import `core.model` and `readers`' own."""

from typing import ClassVar

from tui.core.model import Event, ProducerNamed
from tui.readers.documents.jsondoc import Document
from tui.readers.reader import Ending


class DocumentReader:
    """Feeds a document, and names the producer before anything else of it is told."""

    is_stream: ClassVar[bool] = False
    has_end: ClassVar[bool] = True
    producer: ClassVar[str]

    def __init__(self, document: Document) -> None:
        self._document = document
        self._named = False

    def feed(self, data: bytes) -> list[Event]:
        """The events of the values that `data` ends."""
        named: list[Event] = [] if self._named else [ProducerNamed(self.producer, merges=False)]
        self._named = True
        return named + self._document.feed(data)

    def ending(self) -> Ending:
        """Whether the document was closed."""
        return self._document.ending()
