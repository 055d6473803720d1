"""The pages of Annex 3: the schedule, booking by it, one's own consultations, the specialist's day."""
