"""Failures that have one cause -> one group, the same whatever the order in which they arrive.

`clean` takes out of a message what differs from failure to failure, `signature` says by what a failure
is grouped, `groups` holds the failures and `why` says in sentences why they are together. Pure; a
signature depends on one failure, and on the rules of the configuration.
"""

from tui.core.causes.groups import Cause, Causes
from tui.core.causes.signature import CauseRule, Kind, Signature

__all__ = ["Cause", "CauseRule", "Causes", "Kind", "Signature"]
