"""Help with owners' meetings (M7, M9): who calls on owners, so that a meeting is valid or a committee founded.

`meetings_parameters` has the parameters, `meetings` asks branches and communities for the hours and hands on what they
bring about.
"""

from sim.policies.meetings.meetings import MeetingHelp
from sim.policies.meetings.meetings_parameters import MeetingsSection

__all__ = ["MeetingHelp", "MeetingsSection"]
