"""What the rooms above may hear of, inside the transaction of the act: an error of theirs undoes the act too."""

from django.dispatch import Signal

# booking, by (Membership), at: the mark or the result of a consultation has changed; the booking holds the new words.
consultation_marked = Signal()
# time_request, asked_from (where the teacher came from, as that room wrote it into the address), at
times_proposed = Signal()
# time_request, booking, by (Membership), at: a specialist has agreed to one of the proposed times.
time_agreed = Signal()
