"""What is counted of the city's work: facts from history, their sums by day and month, lengths of time."""
