"""
What the service keeps of what it did: the access log, the quality log, feedback, complaints, stops.

    Records.open("sqlite:///.data/records.db").answered("01J…", "c1", "瞪羚归谁管？我的手机13800001111", answer, …)
        ->  one durable row, its question “瞪羚归谁管？我的手机［手机号已隐去］”

The two logs share no key: the access log knows a pseudonym of the address and no question, the quality log a question
and no address.
"""

from bot.service.records.store import Records, Stop, Ticket, open_records

__all__ = ["Records", "Stop", "Ticket", "open_records"]
