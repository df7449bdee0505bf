"""Growth as a picture: seconds over tests, both logarithmic, one line for each way of reading. Pure."""

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 190, 30, 50
_INKS = ("#2f6fde", "#d9480f", "#868e96", "#7048e8", "#2b8a3e")


def svg(lines: Mapping[str, Sequence[tuple[int, float]]], title: str) -> str:
    """The picture; `lines`: for each name its tests and seconds."""
    points = [point for line in lines.values() for point in line]
    if not points:
        raise ValueError("nothing to draw: growth was not measured")
    most, least = max(x for x, _ in points), min(x for x, _ in points)
    low = math.floor(math.log10(min(y for _, y in points)))
    high = math.ceil(math.log10(max(y for _, y in points)))
    high = max(high, low + 1)
    across = max(math.log10(most) - math.log10(least), 1e-9)

    def place(x: float, y: float) -> tuple[float, float]:
        right = _LEFT + (math.log10(x) - math.log10(least)) / across * (WIDTH - _LEFT - _RIGHT)
        up = HEIGHT - _BOTTOM - (math.log10(y) - low) / (high - low) * (HEIGHT - _TOP - _BOTTOM)
        return right, up

    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
    ground = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    parts = [f'{head} font-size="12"><title>{escape(title)}</title>{ground}']
    for power in range(low, high + 1):
        _, y = place(most, 10.0**power)
        parts.append(_line(_LEFT, y, WIDTH - _RIGHT, y, "#e9ecef"))
        parts.append(_text(_LEFT - 8, y + 4, f"{10.0**power:g} s", "end"))
    for x in sorted({x for x, _ in points}):
        across_at, _ = place(x, 10.0**low)
        parts.append(_line(across_at, _TOP, across_at, HEIGHT - _BOTTOM, "#e9ecef"))
        parts.append(_text(across_at, HEIGHT - _BOTTOM + 18, f"{x:,}", "middle"))
    parts.append(_text((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 10, "tests", "middle"))
    for number, (name, line) in enumerate(lines.items()):
        ink = _INKS[number % len(_INKS)]
        corners = " ".join("{:.1f},{:.1f}".format(*place(x, y)) for x, y in line)
        parts.append(f'<polyline points="{corners}" fill="none" stroke="{ink}" stroke-width="2"/>')
        for x, y in line:
            right, up = place(x, y)
            parts.append(f'<circle cx="{right:.1f}" cy="{up:.1f}" r="3" fill="{ink}"/>')
        parts.append(_text(WIDTH - _RIGHT + 12, _TOP + 12 + 20 * number, name, "start", ink))
    parts.append("</svg>\n")
    return "\n".join(parts)


def _line(x: float, y: float, to_x: float, to_y: float, ink: str) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{ink}"/>'


def _text(x: float, y: float, words: str, anchor: str, ink: str = "#343a40") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{ink}">{escape(words)}</text>'
