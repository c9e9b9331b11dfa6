"""The only writers of appeals. One module a party; each function is one whole change in one transaction.

`actor.py` says who acts, `move.py` is the step that all of them share, `notify.py` queues what people hear.
"""
