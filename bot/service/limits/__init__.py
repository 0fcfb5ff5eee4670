"""
What stands between the net and an answer: sizes, rates, a bounded queue, a time-out, the stop switch, the access log.

    Limits(app, records, settings)  ->  an ASGI application that answers 429, 503, 413 or 408 where `app` must not
"""

from bot.service.limits.middleware import Limits

__all__ = ["Limits"]
