"""A staff list on paper becomes people of the school.

`sheets` opens the file, `columns` finds the header, `paper` takes the rows (these three in a process of their own,
see `reading_child`); `cells` understands a row, `preview` compares it with the people who are here, `importing` writes.
"""
