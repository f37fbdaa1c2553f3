"""What a study should build where and when, and the money that goes into plants at home and abroad.

The study becomes numbers in ``arrays.py``, from one file each: terms of decision (``decision_terms.py``), what could be
built and its money (``options.py``), what stands (``standing.py``), limits (``limits.py``). Money by stage is in
``flows.py``. The equations are in docs/formulation/plan.md.
"""
