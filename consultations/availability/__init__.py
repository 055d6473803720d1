"""What is free: from the rows of Annex 3 to the pure `free_times`, by six queries for any count of directions."""

from .answers import Availability, next_free_times
from .known import DAYS_SHOWN
from .offers import Offer, booking_address
from .times import Opening

__all__ = ["DAYS_SHOWN", "Availability", "Offer", "Opening", "booking_address", "next_free_times"]
