import asyncio

import aiosqlite


def scenario():
    async def main():
        async with (
            aiosqlite.connect(":memory:") as database,
            database.execute("select 1") as cursor,
        ):
            assert await cursor.fetchone() == (1,)

    asyncio.run(main())
