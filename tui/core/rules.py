"""Everything that the configuration decides about what is true.

May import the rest of `core`; made by `tui.config`, or as it stands here where nothing is configured.
"""

from dataclasses import dataclass

from tui.core.causes import CauseRule
from tui.core.components import DEFAULT_BANDS, ComponentRule
from tui.core.golden import PathRule
from tui.core.scopes import RelationRule
from tui.core.verdict import DEFAULT_CRITERIA, Criteria


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one project. `bands`: (status, least rate in percent), highest first."""

    components: tuple[ComponentRule, ...] = ()
    bands: tuple[tuple[str, float], ...] = DEFAULT_BANDS
    golden_paths: tuple[PathRule, ...] = ()
    criteria: Criteria = DEFAULT_CRITERIA
    relations: tuple[RelationRule, ...] = ()
    causes: tuple[CauseRule, ...] = ()
