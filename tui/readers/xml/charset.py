"""The bytes of an XML file -> bytes in which ASCII stands for itself, and the way back to its offsets.

The byte order mark decides, then where the NULs stand, then the declaration (https://www.w3.org/TR/xml/
#sec-guessing); a label that is unknown or cannot be true is passed over, and the file read as UTF-8.
UTF-16 and UTF-32 are turned into UTF-8. Control characters that XML does not allow are taken out, one
byte for one, so that offsets stay. Imports nothing of runwatch. Invariant: what comes out, and what is
counted, depends on the bytes alone, never on how they were cut.
"""

import codecs
import re
from functools import lru_cache

ESCAPE = "\x7f"
"""Stands for an escape character in what is taken in: XML allows DEL, and real ones are taken out."""

_LONGEST_HEAD = 1024
_ENOUGH_TO_TELL = 4
_MARKS = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_BY_NULS: dict[tuple[bool, ...], str] = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
}
_MOST = (b'<?xml version="1.0" encoding="utf-8"?>', b'<?xml version="1.0" encoding="UTF-8"?>')
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*")
_DECLARED = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"'>]*)[\"']")
_ASCII = bytes(range(32, 127))
_FORBIDDEN = bytes(code for code in range(32) if code not in b"\t\n\r")
_ODD = _FORBIDDEN + ESCAPE.encode()
_WASHED = bytes.maketrans(
    _ODD,
    bytes(ord(ESCAPE) if code == ord("\x1b") else ord(" ") for code in _FORBIDDEN) + b" ",
)


class Incoming:
    """The bytes of one file as they come.

    `encoding` is that of what `take` gives, once it is known; `width` is how many bytes of the file an
    ASCII character has, `lines` how many line ends stand before what `take` gives.
    """

    encoding = unknown_label = ""
    width = 1
    lines = 0
    _controls = _shift = 0
    _return = _held = b""
    _wide: "_Wide | None" = None

    def take(self, data: bytes, *, last: bool = False) -> bytes:
        """What can be read of the file so far; the first bytes are held back until they tell how."""
        if not self.encoding and not self._held and data.startswith(_MOST):
            self.encoding = "utf-8"
        if not self.encoding:
            self._held += data
            if not (last or _tells(self._held)):
                return b""
            data, self._held = self._begun(self._held), b""
        if self._wide is not None:
            data = self._wide.take(data)
        if self._return or data.endswith(b"\r"):
            # expat counts two lines where a piece ends between a carriage return and its line feed.
            data = self._return + data
            self._return = b"\r" if data.endswith(b"\r") and not last else b""
            data = data.removesuffix(self._return)
        if not any(map(data.__contains__, _ODD)):  # as nearly always; each is looked for at memory's speed
            return data
        self._controls += len(data) - len(data.translate(None, _FORBIDDEN))
        return data.translate(_WASHED)

    @property
    def replaced(self) -> int:
        """How many characters were replaced so far."""
        return self._controls + (self._wide.replaced if self._wide is not None else 0)

    def offset(self, position: int) -> int:
        """Where in the file the byte stands that is `position` in what `take` gave; asked in order."""
        return self._shift + (position if self._wide is None else self._wide.offset(position))

    def _begun(self, data: bytes) -> bytes:
        wide = _wide(data)
        if wide:
            self.encoding, self._wide = "utf-8", _Wide(wide)
            self.width = 4 if "32" in wide else 2
            self._shift = next((len(mark) for mark, _ in _MARKS if data.startswith(mark)), 0)
        else:
            found = _BEFORE.match(data)
            self._shift = found.end() if found else 0
            self.encoding, self.unknown_label = declared(data[self._shift :])
            self.lines = data.count(b"\n", 0, self._shift)
        return data[self._shift :]


class _Wide:
    """UTF-16 or UTF-32 as UTF-8."""

    def __init__(self, encoding: str) -> None:
        self.replaced = 0
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ahead = bytearray()
        self._position = self._offset = 0

    def take(self, data: bytes) -> bytes:
        text = self._decoder.decode(data)
        self.replaced += text.count("\ufffd")
        narrow = text.encode("utf-8", "replace")
        self._ahead += narrow
        return narrow

    def offset(self, position: int) -> int:
        step = position - self._position
        if step > 0:
            passed = self._ahead[:step].decode("utf-8", "replace")
            del self._ahead[:step]
            self._position = position
            self._offset += len(passed.encode(self._encoding, "replace"))
        return self._offset


def narrowed(head: bytes) -> bytes:
    """The first bytes of a file as ASCII markup, whatever their encoding, from the first that is no blank."""
    incoming = Incoming()
    return incoming.take(head, last=True).lstrip()


def decoded(record: bytes) -> tuple[str, str]:
    """The text of a piece of a file whose head is not at hand, and its encoding, by the bytes alone."""
    wide = _wide(record)
    if wide:
        return record.decode(wide, "replace"), wide
    text = record.decode("utf-8", "replace")
    if "\ufffd" in text and all(each.isascii() or each == "\ufffd" for each in text):
        return record.decode("cp1252", "replace"), "cp1252"  # nothing in it speaks for UTF-8
    return text, "utf-8"


def declared(data: bytes) -> tuple[str, str]:
    """The encoding of a narrow file that begins with `data`, and its label where that is not believed."""
    found = _DECLARED.match(data, 0, _LONGEST_HEAD)
    return _known(found[1].decode("ascii", "replace") if found else "utf-8")


@lru_cache(maxsize=64)
def _known(label: str) -> tuple[str, str]:
    """The encoding that `label` stands for, and the label where it is not believed."""
    try:
        name = codecs.lookup(label).name
        if name.startswith("iso2022") or "escape" in name:  # these mean more than ASCII by ASCII
            return "utf-8", label
        keeps_ascii = _ASCII.decode(name) == _ASCII.decode("ascii")
    except (LookupError, ValueError):
        return "utf-8", label
    if not keeps_ascii:
        return "utf-8", label
    return ("utf-8" if name in ("ascii", "utf-8-sig") else name), ""


def _wide(data: bytes) -> str:
    """The name of the encoding where a character has two or four bytes; else empty."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if 0 not in data[:_ENOUGH_TO_TELL]:  # as nearly all are
        return ""
    nuls = tuple(byte == 0 for byte in data[:_ENOUGH_TO_TELL])
    return _BY_NULS.get(nuls, "")


def _tells(head: bytes) -> bool:
    """Whether `head` is enough to tell the encoding of the file that begins with it."""
    if len(head) < _ENOUGH_TO_TELL:
        return False
    if _wide(head):
        return True
    found = _BEFORE.match(head)
    body = head[found.end() :] if found else head
    if body.startswith(b"<?xml"):
        return b"?>" in body or len(body) >= _LONGEST_HEAD
    return not b"<?xml".startswith(body)
