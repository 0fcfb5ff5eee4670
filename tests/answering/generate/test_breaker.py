import time

from bot.answering.generate.breaker import Breaker


def test_after_failures_in_a_row_it_rests_and_then_lets_one_try() -> None:
    breaker = Breaker(limit=2, rest=0.05)
    breaker.failed()
    breaker.worked()
    breaker.failed()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    time.sleep(0.06)
    assert [breaker.allows(), breaker.allows()] == [True, False]
    breaker.worked()
    assert [breaker.allows(), breaker.allows()] == [True, True]
