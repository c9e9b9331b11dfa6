"""What reports say of a period: its sums, the problems of a deputy mayor's field, the heat map."""
