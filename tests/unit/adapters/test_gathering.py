"""Statements that many coroutines share: who is answered by which, and what each is told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from pymongo.errors import ServerSelectionTimeoutError

from shared.adapters.mongo.gathering import Gathering
from shared.faults import StoreAway


class Server:
    """Answers each question with the number of its statement, when `go` is set; notes the statements."""

    def __init__(self, *, most: int = 100, pace: float = 0.0) -> None:
        self.statements: list[list[str]] = []
        self.under_way = 0
        self.go = asyncio.Event()
        self.gathering: Gathering[str, int] = Gathering(self.run, most=most, pace=pace)

    async def run(self, asks: Sequence[str]) -> list[int | Exception]:
        assert not self.under_way
        self.statements.append(list(asks))
        number, self.under_way = len(self.statements), 1
        await self.go.wait()
        self.under_way = 0
        if "away" in asks:
            raise StoreAway("gone")
        if "nowhere" in asks:
            raise StoreAway("gone") from ServerSelectionTimeoutError("no server")
        return [ValueError(ask) if ask == "bad" else number for ask in asks]

    def ask(self, ask: str) -> asyncio.Task[int]:
        async def asked() -> int:
            return await self.gathering.ask(ask)

        return asyncio.create_task(asked())


async def some_turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_what_is_asked_at_once_is_one_statement() -> None:
    server = Server()
    server.go.set()

    assert await asyncio.gather(*map(server.ask, "abc")) == [1, 1, 1]
    assert server.statements == [["a", "b", "c"]]


async def test_a_question_is_answered_by_a_statement_that_began_after_it() -> None:
    server = Server()
    first = server.ask("a")
    await some_turns()
    later = [server.ask("a"), server.ask("b")]
    await some_turns()
    server.go.set()

    assert (await first, *await asyncio.gather(*later)) == (1, 2, 2)
    assert server.statements == [["a"], ["a", "b"]]


async def test_a_statement_has_no_more_than_it_may() -> None:
    server = Server(most=2)
    server.go.set()

    assert await asyncio.gather(*map(server.ask, "abcde")) == [1, 1, 2, 2, 3]


async def test_each_asker_is_told_its_own_fate() -> None:
    server = Server()
    server.go.set()
    asked = [server.ask("a"), server.ask("bad"), server.ask("c")]

    told = await asyncio.gather(*asked, return_exceptions=True)

    assert [str(each) for each in told] == ["1", "bad", "1"]


async def test_a_statement_that_fails_fails_for_each_and_the_next_one_is_made() -> None:
    server = Server()
    server.go.set()
    asked = [server.ask("a"), server.ask("away")]

    told = await asyncio.gather(*asked, return_exceptions=True)

    assert [type(each) for each in told] == [StoreAway, StoreAway]
    assert told[0] is not told[1]  # each has a traceback of its own
    assert await server.ask("b") == 2


async def test_if_no_server_is_found_those_who_wait_are_told_as_well() -> None:
    server = Server()
    asked = [server.ask("nowhere")]
    await some_turns()
    asked += [server.ask("a"), server.ask("b")]
    await some_turns()
    server.go.set()

    told = await asyncio.gather(*asked, return_exceptions=True)

    assert [type(each) for each in told] == [StoreAway] * 3
    assert server.statements == [["nowhere"]]
    assert await server.ask("c") == 2


async def test_who_no_longer_waits_is_left_out_or_not_answered() -> None:
    server = Server()
    gone, stays = server.ask("a"), server.ask("b")
    await some_turns()
    gone_early, later = server.ask("c"), server.ask("d")
    await some_turns()
    gone.cancel()
    gone_early.cancel()
    await some_turns()
    server.go.set()

    assert (await stays, await later) == (1, 2)
    assert server.statements == [["a", "b"], ["d"]]


async def test_who_finishes_waits_for_what_was_asked() -> None:
    server = Server()
    asked = server.ask("a")
    await some_turns()
    finishing = asyncio.create_task(server.gathering.finish())
    await some_turns()
    assert not finishing.done()
    server.go.set()

    await finishing
    assert await asked == 1
    await server.gathering.finish()


async def test_only_who_waits_behind_a_statement_is_paced() -> None:
    server = Server(pace=3600.0)
    server.go.set()
    async with asyncio.timeout(30):
        assert [await server.ask("a"), await server.ask("b")] == [1, 2]
    server.go.clear()
    first = server.ask("c")
    await some_turns()
    waiting = server.ask("d")
    await some_turns()
    server.go.set()

    assert await first == 3
    await some_turns()
    assert not waiting.done()
    waiting.cancel()


async def test_an_ending_loop_ends_those_who_wait() -> None:
    server = Server()
    asked = [server.ask("a")]
    await some_turns()
    asked.append(server.ask("b"))
    await some_turns()
    (work,) = [task for task in asyncio.all_tasks() if task.get_name() == "mongodb statements"]
    work.cancel()

    told = await asyncio.gather(*asked, return_exceptions=True)

    assert [type(each) for each in told] == [asyncio.CancelledError] * 2
