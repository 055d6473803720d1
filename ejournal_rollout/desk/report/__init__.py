"""The final report of task 2.4: facts from every room, their words, the page and the Word file."""
