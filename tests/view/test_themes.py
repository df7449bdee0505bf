"""The themes can be read, and told apart by everybody.

Contrast is that of WCAG 2.1, 1.4.3 (4.5 to 1) and 1.4.6 (7 to 1). Colour blindness is simulated with the
matrices of Machado, Oliveira and Fernandes (2009) at full severity; a difference is CIE76 in CIELAB.
"""

import itertools
import math
from pathlib import Path

import pytest
from textual.color import Color, Lab, rgb_to_lab
from textual.pilot import Pilot
from textual.theme import Theme

from tests.view.driving import drive
from tui.cli import main
from tui.view.app import RunwatchApp
from tui.view.ink import INKS
from tui.view.theme import COLOUR_BLIND, DARK, HIGH_CONTRAST, THEMES

BLINDNESS = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
MEANINGS = ("success", "error", "accent", "warning", "primary")
APART = 25.0
"""In CIE76: the four states of the default theme are closer than that for a deuteranope."""


def linear(colour: Color) -> list[float]:
    """The three channels in light, not as they are written: 0 to 1."""
    shares = (channel / 255 for channel in colour.rgb)
    return [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]


def luminance(colour: Color) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def seen(colour: Color, blindness: str) -> Lab:
    """A colour as somebody sees it."""
    light = linear(colour)
    mixed = [sum(map(float.__mul__, map(float, row), light)) for row in BLINDNESS[blindness]]
    kept = [min(max(s, 0.0), 1.0) for s in mixed]
    written = [12.92 * s if s <= 0.0031308 else 1.055 * s ** (1 / 2.4) - 0.055 for s in kept]
    red, green, blue = (round(s * 255) for s in written)
    return rgb_to_lab(Color(red, green, blue))


def closest(theme: Theme, blindness: str) -> float:
    """How far apart the two most alike of the meanings are."""
    colours = [seen(Color.parse(getattr(theme, name)), blindness) for name in MEANINGS]
    return min(
        math.dist((one.L, one.a, one.b), (other.L, other.a, other.b))
        for one, other in itertools.combinations(colours, 2)
    )


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_the_colour_blind_theme_is_apart_for_everybody(blindness: str) -> None:
    assert closest(COLOUR_BLIND, blindness) > APART


def test_the_default_theme_is_why_there_is_another() -> None:
    assert closest(DARK, "deuteranopia") < APART


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_ink_can_be_read(theme: Theme, tmp_path: Path) -> None:
    least = 7.0 if theme is HIGH_CONTRAST else 4.5
    read: dict[str, float] = {}

    async def steps(app: RunwatchApp, pilot: Pilot[None]) -> None:
        app.theme = theme.name
        await pilot.pause()
        ground = Color.parse(app.theme_variables["background"])
        for ink in INKS:
            styles = app.screen.get_component_styles(f"ink--{ink}")
            under = ground + styles.background if styles.has_rule("background") else ground
            if styles.has_rule("color"):
                read[ink] = contrast(under + styles.color, under)

    drive(tmp_path, steps)
    too_weak = {ink: round(found, 2) for ink, found in read.items() if found < least}
    assert set(too_weak) <= {"faint"}, "only rules and dots may be that weak"


def test_a_theme_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "runwatch.toml"
    config.write_text('theme = "runwatch-drak"\n')
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main([str(tmp_path), "--config", str(config)]) == 2
    said = capsys.readouterr().err
    assert "runwatch.toml: theme: none is called 'runwatch-drak'" in said
    assert "runwatch-light" in said
