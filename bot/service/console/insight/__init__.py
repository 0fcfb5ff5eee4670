"""
What the records tell: what people ask, what they were not told, what was used and how fast it went.

    figures(records, Period(date(2026, 11, 17), date(2026, 11, 23)))  ->  Figures(asked=1240, answered=1101, …)

Nothing here knows Gradio; the pages of the console show it.
"""
