"""One element of an XML file, read again from the bytes that it stands in, with the repairs of `markup`.

May import, of the readers, `charset`, `markup` and `tagsoup`. Only what is looked at is read again: reading a
file begins without this module, and without xml.etree.
"""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from tui.readers.xml.charset import ESCAPE, Incoming, decoded
from tui.readers.xml.markup import DEEPEST
from tui.readers.xml.tagsoup import Handlers, RefusedError, TagSoup, Vocabulary


class _Tree:
    """Builds the first element of a piece of a file; what stands behind it is passed over."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.whole: Element | None = None
        self._builder = TreeBuilder()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.whole is not None:
            return
        self.open.append(tag)
        if len(self.open) > DEEPEST:
            raise RefusedError("elements nested too deep")
        restored = {name: value.replace(ESCAPE, "\x1b") for name, value in attributes.items()}
        self._builder.start(tag.rpartition(":")[2], restored)

    def end(self, tag: str) -> None:
        if self.whole is None and self.open:
            self.open.pop()
            self._builder.end(tag.rpartition(":")[2])
            if not self.open:
                self.whole = self._builder.close()

    def characters(self, data: str) -> None:
        if self.whole is None and self.open:
            self._builder.data(data.replace(ESCAPE, "\x1b"))

    def closed(self) -> Element | None:
        """The element; where the piece ends before it does, with what it holds so far."""
        while self.whole is None and self.open:
            self.end(self.open[-1])
        return self.whole


def element(record: bytes, known: Vocabulary) -> Element | None:
    """The element that `record`, a piece of a file, begins with; None where there is none."""
    text, _ = decoded(record)
    incoming = Incoming()
    data = incoming.take(text.encode("utf-8", "replace"), last=True)
    try:
        return _strict(data) or _recovered(data, known)
    except RefusedError:
        return None


def _strict(data: bytes) -> Element | None:
    tree = _Tree()
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.characters
    try:
        parser.Parse(data, False)  # noqa: FBT003
    except expat.ExpatError:
        return tree.whole
    return tree.closed()


def _recovered(data: bytes, known: Vocabulary) -> Element | None:
    tree = _Tree()
    soup = TagSoup(known, Handlers(tree.start, tree.end, tree.characters, tree.open), "utf-8")
    soup.Parse(data, True)  # noqa: FBT003
    return tree.closed()
