"""Help with owners' meetings (M7, M9): who calls on owners, so that a meeting is valid or a committee founded.

`section` has the parameters, `room` asks branches and communities for the hours and hands on what they bring about.
"""

from sim.institutions.meetings.room import MeetingHelp
from sim.institutions.meetings.section import MeetingsSection

__all__ = ["MeetingHelp", "MeetingsSection"]
