"""janus: a queue with a side for threads and one for asyncio.

Racy: a thread says done too early.
"""

import asyncio
import threading

import janus


def produce(queue, state, early):
    queue.put("first")
    if early:
        queue.put(None)
        state["done"] = True
    else:
        state["done"] = True
        queue.put(None)


async def consume(early):
    queue, state, got = janus.Queue(), {}, []
    thread = threading.Thread(target=produce, args=(queue.sync_q, state, early))
    thread.start()
    while (item := await queue.async_q.get()) is not None:
        got.append(item)
        queue.async_q.task_done()
    done = state.get("done")
    await asyncio.to_thread(thread.join)
    await queue.aclose()
    return got, done


def scenario():
    assert asyncio.run(consume(early=False)) == (["first"], True)


def racy():
    assert asyncio.run(consume(early=True)) == (["first"], True)


if __name__ == "__main__":
    scenario()
