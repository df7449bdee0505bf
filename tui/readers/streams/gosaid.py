"""One line of `go test -json` -> what it says.

May import, of the readers, `jsonlines` and `jsonvalues`. Pure.
"""

import msgspec

from tui.readers.jsonvalues import elapsed, text
from tui.readers.streams.jsonlines import parse_object, text_of


class Said(msgspec.Struct, gc=False):
    """What a line says, as far as any of it matters here."""

    action: str = msgspec.field(name="Action", default="")
    package: str = msgspec.field(name="Package", default="")
    test: str = msgspec.field(name="Test", default="")
    output: str = msgspec.field(name="Output", default="")
    time: str = msgspec.field(name="Time", default="")
    elapsed: float | None = msgspec.field(name="Elapsed", default=None)
    key: str = msgspec.field(name="Key", default="")
    value: str = msgspec.field(name="Value", default="")
    build: str = msgspec.field(name="ImportPath", default="")
    failed_build: str = msgspec.field(name="FailedBuild", default="")


_decoded = msgspec.json.Decoder(Said).decode


def read(data: bytes) -> Said | None:
    """What a line says, decoded right into a struct: a tenth of the time that a tree of it takes."""
    try:
        return _decoded(data)
    except (ValueError, RecursionError):  # of another type, or what only a milder parser takes
        return said_by_tree(data)


def said_by_tree(data: bytes) -> Said | None:
    """What a line says; None where it holds no object."""
    tree = parse_object(data)
    if tree is None:
        return None
    texts = {name: text_of(tree, key) for name, key in _TEXTS.items()}
    return Said(**texts, time=text(tree.get("Time")), elapsed=elapsed(tree.get("Elapsed")))


_TEXTS = {
    name: key
    for name, key in zip(Said.__struct_fields__, Said.__struct_encode_fields__, strict=True)
    if name not in ("time", "elapsed")
}
