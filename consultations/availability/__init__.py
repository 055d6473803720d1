"""What is free: from the rows of Annex 3 to the pure `free_times`, by six queries for any count of directions."""

from .answers import DAYS_SHOWN, Availability, Opening, next_free_times
from .offers import Offer, booking_address

__all__ = ["DAYS_SHOWN", "Availability", "Offer", "Opening", "booking_address", "next_free_times"]
