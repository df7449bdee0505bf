"""Words in letters that can be read from across a room. May import `view.ink`. Pure."""

from collections.abc import Sequence

from tui.view.ink import Piece

HEIGHT = 5
"""How many dots high a letter is."""

_BLANK = ("...",) * HEIGHT
_LETTERS = {
    "A": ".##. #..# #### #..# #..#",
    "B": "###. #..# ###. #..# ###.",
    "C": ".### #... #... #... .###",
    "D": "###. #..# #..# #..# ###.",
    "E": "#### #... ###. #... ####",
    "F": "#### #... ###. #... #...",
    "G": ".### #... #.## #..# .###",
    "H": "#..# #..# #### #..# #..#",
    "I": "### .#. .#. .#. ###",
    "J": "..## ...# ...# #..# .##.",
    "K": "#..# #.#. ##.. #.#. #..#",
    "L": "#... #... #... #... ####",
    "M": "#...# ##.## #.#.# #...# #...#",
    "N": "#...# ##..# #.#.# #..## #...#",
    "O": ".##. #..# #..# #..# .##.",
    "P": "###. #..# ###. #... #...",
    "Q": ".##. #..# #..# #.#. .#.#",
    "R": "###. #..# ###. #.#. #..#",
    "S": ".### #... .##. ...# ###.",
    "T": "##### ..#.. ..#.. ..#.. ..#..",
    "U": "#..# #..# #..# #..# .##.",
    "V": "#...# #...# .#.#. .#.#. ..#..",
    "W": "#...# #...# #.#.# ##.## #...#",
    "X": "#...# .#.#. ..#.. .#.#. #...#",
    "Y": "#...# .#.#. ..#.. ..#.. ..#..",
    "Z": "#### ...# .##. #... ####",
    "0": ".##. #..# #..# #..# .##.",
    "1": ".#. ##. .#. .#. ###",
    "2": "###. ...# .##. #... ####",
    "3": "###. ...# .##. ...# ###.",
    "4": "#..# #..# #### ...# ...#",
    "5": "#### #... ###. ...# ###.",
    "6": ".##. #... ###. #..# .##.",
    "7": "#### ...# ..#. .#.. .#..",
    "8": ".##. #..# .##. #..# .##.",
    "9": ".##. #..# .### ...# .##.",
    ".": ". . . . #",
    ",": ".. .. .. .# #.",
    "%": "##..# ##.#. ..#.. .#.## #..##",
    "/": "...# ..#. ..#. .#.. #...",
    "-": "... ... ### ... ...",
    "+": "... .#. ### .#. ...",
    "?": "###. ...# .##. .... .#..",
    "!": "# # # . #",
    ":": ". # . # .",
}


def large(text: str, ink: str, room: int, most: int) -> list[list[Piece]]:
    """`text` as large as it fits in `room` columns, but no dot larger than `most` columns; else as it is.

    A dot is as many columns wide as half rows high, which is about a square in a terminal.
    """
    glyphs = [_glyph(character) for character in text.upper()]
    dots = [".".join(glyph[row] for glyph in glyphs) for row in range(HEIGHT)]
    scale = min(room // max(len(dots[0]), 1), most)
    if not scale:
        return [[Piece(text, ink, bold=True)]]
    rows = ["".join(dot * scale for dot in row) for row in dots for _ in range(scale)]
    if len(rows) % 2:
        rows.append("." * len(rows[0]))
    return [[Piece(_halves(upper, lower), ink)] for upper, lower in zip(rows[::2], rows[1::2], strict=True)]


def _glyph(character: str) -> Sequence[str]:
    """A letter as its rows of dots; one that there is no picture of is a blank."""
    rows = _LETTERS.get(character)
    return rows.split() if rows else _BLANK


def _halves(upper: str, lower: str) -> str:
    """Two rows of dots as one row of the screen."""
    blocks = {("#", "#"): "█", ("#", "."): "▀", (".", "#"): "▄", (".", "."): " "}
    return "".join(blocks[pair] for pair in zip(upper, lower, strict=True)).rstrip()
