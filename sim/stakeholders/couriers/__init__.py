"""Courier stations and riders (M12): who brings hazards into the estates, and may come to look after them.

Riders in a hurry park in the lanes and charge batteries from a window.  Services for their health, food, housing and
travel, and the example of colleagues, make some of them careful; haste and turnover undo it.  Riders who care report
what they see to the grid's desk, and lend a hand.

`Stations` has a row per station, `Couriers` a row per place of a rider at a station; `couriers_equations`
has the shares at rest and the limits in which the answer is known on paper.
"""

from sim.stakeholders.couriers.couriers import Courier, Couriers
from sim.stakeholders.couriers.couriers_equations import at_rest, gain
from sim.stakeholders.couriers.couriers_parameters import CouriersSection
from sim.stakeholders.couriers.stations import Station, Stations

__all__ = ["Courier", "Couriers", "CouriersSection", "Station", "Stations", "at_rest", "gain"]
