def shift_term(w, y):
    return w


def shift_school_years(t, y):
    return t
