"""The pages of an order as a whole. They stand on top of the house because they must see every annex."""
