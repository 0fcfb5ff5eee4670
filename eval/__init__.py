"""
Measure the answers: questions and what the system said in, figures out.

    questions/plan-dev.jsonl  ->  generate (ask)  ->  OUT rows  ->  metrics (score)  ->  report

Asking and scoring are apart: a saved run can be scored again, and the run's settings are saved beside its figures.
"""
