"""The rows of the table, by part. A part that fails says so, and the rest go on."""

from collections.abc import Callable, Iterator

from benchmarks.bench import Bench
from benchmarks.figures import Row
from benchmarks.rows import arriving, keys, start

PARTS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "start": start.start,
    "commands": start.commands,
    "arriving": arriving.arriving,
    "keys-idle": keys.idle,
    "keys-busy": keys.busy,
}
