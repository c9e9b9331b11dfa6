"""People's words on what appeals are about, and the models that come of them.

`lessons.py` says how much each word counts and which are kept aside, `judging.py` whether a new model is
better, `teaching.py` trains and judges in a process of its own, `active.py` knows which model reads,
`versions.py` changes that, `retraining.py` is the nightly work from end to end.
"""
