"""The app's own themes. May import Textual.

Each names what Textual's themes name, so that any of those can take its place. `muted`, `faint` and `cursor`
are how strong text of less weight is drawn, and what lies under the row of the cursor.
"""

from textual.theme import Theme

PLAIN = {"muted": "55%", "faint": "25%", "cursor": "14%"}
PLAIN_ON_LIGHT = {"muted": "72%", "faint": "35%", "cursor": "14%"}
"""What a theme that is not our own has instead, dark or light."""


def _theme(
    name: str,
    *,
    primary: str,
    accent: str,
    success: str,
    warning: str,
    error: str,
    text: str,
    second: str,
    grounds: tuple[str, str, str, str],
    border: str,
    dark: bool = True,
    strengths: dict[str, str] = PLAIN,
) -> Theme:
    """A theme; `grounds`: of the screen, of what lies on it, of the bars, and of what is typed in."""
    background, surface, panel, boost = grounds
    return Theme(
        name=name,
        primary=primary,
        secondary=second,
        accent=accent,
        success=success,
        warning=warning,
        error=error,
        foreground=text,
        background=background,
        surface=surface,
        panel=panel,
        boost=boost,
        dark=dark,
        variables={
            "border": border,
            "footer-key-foreground": primary,
            "footer-background": panel,
            "footer-description-foreground": second,
            "scrollbar": border,
            "scrollbar-hover": primary,
            "scrollbar-active": primary,
            "scrollbar-background": background,
            "scrollbar-corner-color": background,
            **strengths,
        },
    )


DARK = _theme(
    "runwatch",
    primary="#5ad4e6",
    accent="#fc9867",
    success="#7bd88f",
    warning="#fce566",
    error="#fc618d",
    text="#e6e6f0",
    second="#a9b1d6",
    grounds=("#16161e", "#1a1b26", "#1f2335", "#292e42"),
    border="#3b4261",
)
LIGHT = _theme(
    "runwatch-light",
    primary="#0b6a8a",
    accent="#a8480a",
    success="#1a7431",
    warning="#765800",
    error="#b8144f",
    text="#23273a",
    second="#4a5068",
    grounds=("#fbfbfd", "#f3f4f8", "#e9ebf2", "#dfe2ec"),
    border="#b4b9cb",
    dark=False,
    strengths=PLAIN_ON_LIGHT,
)
COLOUR_BLIND = _theme(
    "runwatch-colour-blind",
    primary="#aef5e4",
    accent="#c57fb0",
    success="#6b86ff",
    warning="#f4ea2a",
    error="#f0682e",
    text="#e6e6f0",
    second="#a9b1d6",
    grounds=("#16161e", "#1a1b26", "#1f2335", "#292e42"),
    border="#3b4261",
)
"""Blue for what passed, orange and rose for what did not: apart for every kind of colour blindness."""
HIGH_CONTRAST = _theme(
    "runwatch-high-contrast",
    primary="#5fffff",
    accent="#ffaf5f",
    success="#5fff87",
    warning="#ffff5f",
    error="#ff8787",
    text="#ffffff",
    second="#ffffff",
    grounds=("#000000", "#000000", "#1c1c1c", "#303030"),
    border="#c0c0c0",
    strengths={"muted": "80%", "faint": "50%", "cursor": "32%"},
)
THEMES = (DARK, LIGHT, COLOUR_BLIND, HIGH_CONTRAST)
