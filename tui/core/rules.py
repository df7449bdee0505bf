"""Everything that the configuration decides about what is true.

May import the rest of `core`; made by `tui.config`, or as it stands here where nothing is configured.
"""

from msgspec import Struct

from tui.core.causes import CauseRule
from tui.core.components import DEFAULT_BANDS, ComponentRule
from tui.core.criteria import DEFAULT_CRITERIA, Criteria
from tui.core.golden import PathRule
from tui.core.scopes import RelationRule


class Rules(Struct, frozen=True):
    """The rules of one project.

    `bands`: (status, least rate in percent), highest first. `demands`: the criteria of single components,
    by name.
    """

    components: tuple[ComponentRule, ...] = ()
    bands: tuple[tuple[str, float], ...] = DEFAULT_BANDS
    golden_paths: tuple[PathRule, ...] = ()
    criteria: Criteria = DEFAULT_CRITERIA
    relations: tuple[RelationRule, ...] = ()
    demands: tuple[tuple[str, Criteria], ...] = ()
    causes: tuple[CauseRule, ...] = ()
