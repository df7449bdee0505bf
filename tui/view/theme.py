"""The app's own theme. May import Textual."""

from textual.theme import Theme

RUNWATCH = Theme(
    name="runwatch",
    primary="#5ad4e6",
    secondary="#a9b1d6",
    accent="#fc9867",
    success="#7bd88f",
    warning="#fce566",
    error="#fc618d",
    foreground="#e6e6f0",
    background="#16161e",
    surface="#1a1b26",
    panel="#1f2335",
    boost="#292e42",
    dark=True,
    variables={
        "border": "#3b4261",
        "footer-key-foreground": "#5ad4e6",
        "footer-background": "#1f2335",
        "footer-description-foreground": "#a9b1d6",
        "scrollbar": "#3b4261",
        "scrollbar-hover": "#5ad4e6",
        "scrollbar-active": "#5ad4e6",
        "scrollbar-background": "#16161e",
        "scrollbar-corner-color": "#16161e",
    },
)
