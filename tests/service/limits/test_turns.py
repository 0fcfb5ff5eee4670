"""Who is answered next."""

import asyncio

import pytest

from bot.service.limits.turns import FullError, Turns


def test_addresses_take_turns_however_many_one_of_them_sends() -> None:
    async def order() -> list[str]:
        turns, served = Turns(together=1, most=100), []

        async def ask(who: str) -> None:
            await turns.take(who)
            served.append(who)
            await asyncio.sleep(0)
            turns.give_back()

        async with asyncio.TaskGroup() as tasks:
            for who in ["甲"] * 6 + ["乙", "丙", "乙"]:
                tasks.create_task(ask(who))
        assert (turns.running, turns.waiting) == (0, 0)
        return served

    assert asyncio.run(order()) == ["甲", "甲", "乙", "丙", "甲", "乙", "甲", "甲", "甲"]


def test_who_finds_no_room_is_told_at_once() -> None:
    async def outcome() -> tuple[int, int, bool]:
        turns = Turns(together=1, most=2)
        await turns.take("甲")
        waiting = asyncio.create_task(turns.take("乙"))
        await asyncio.sleep(0)
        with pytest.raises(FullError):
            await turns.take("丙")
        turns.give_back()
        await waiting
        return turns.running, turns.waiting, turns.full

    assert asyncio.run(outcome()) == (1, 0, False)


@pytest.mark.parametrize("moment", ["waiting", "called up"])
def test_who_stops_waiting_leaves_the_turn_to_the_next(moment: str) -> None:
    async def outcome() -> tuple[int, int]:
        turns = Turns(together=1, most=9)
        await turns.take("甲")
        leaving, next_ = asyncio.create_task(turns.take("乙")), asyncio.create_task(turns.take("丙"))
        await asyncio.sleep(0)
        if moment == "called up":
            turns.give_back()
            leaving.cancel()
        else:
            leaving.cancel()
            turns.give_back()
        await asyncio.wait_for(next_, 1)
        assert leaving.cancelled()
        turns.give_back()
        return turns.running, turns.waiting

    assert asyncio.run(outcome()) == (0, 0)
