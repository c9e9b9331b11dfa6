"""Putting files of a folder over those of the city's pack: read and checked, shown as changes, then applied.

`reading.py` takes a folder's files and lays them over those that stand, `checks.py` finds what no single
file shows, `compare.py` and `subjects.py` say in words what would change, `plan.py` puts it together for a
database, `apply.py` changes it.
"""
