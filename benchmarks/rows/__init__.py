"""The rows of the table, by part. A part that fails says so, and the rest go on."""

from collections.abc import Callable, Iterator

from benchmarks.bench import Bench
from benchmarks.figures import Row
from benchmarks.rows import arriving, causes, costs, keys, large, memory, peers, reading, start

PARTS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "start": start.start,
    "commands": start.commands,
    "reading-junit": reading.junit,
    "reading-streams": reading.streams,
    "memory": memory.memory,
    "arriving": arriving.arriving,
    "keys-idle": keys.idle,
    "keys-busy": keys.busy,
    "large": large.large,
    "output": large.output,
    "idle": costs.idle,
    "live": costs.live,
    "changed": costs.changed,
    "causes": causes.causes,
    "growth": reading.growth,
    "peers": peers.peers,
    "viewers": peers.viewers,
}
