"""asyncio streams: a server, and clients in threads.

Racy: two clients share one notebook.
"""

import asyncio
import contextlib
import socket
import threading


async def answer(reader, writer):
    async for line in reader:
        writer.write(line.upper())
        await writer.drain()
    writer.close()


def client(port, word, notes, lock):
    with socket.create_connection(("127.0.0.1", port)) as sock, sock.makefile("rw") as stream:
        stream.write(word + "\n")
        stream.flush()
        heard = stream.readline().strip()
    with lock:
        notes["text"] = notes["text"] + heard


async def talk(lock):
    notes = {"text": ""}
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await asyncio.gather(
            *(asyncio.to_thread(client, port, word, notes, lock) for word in ("ab", "cd"))
        )
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"bye\n")
        assert await asyncio.wait_for(reader.readline(), timeout=60) == b"BYE\n"
        writer.close()
        await writer.wait_closed()
    return sorted(notes["text"])


def scenario():
    assert asyncio.run(talk(threading.Lock())) == list("ABCD")


def racy():
    assert asyncio.run(talk(contextlib.nullcontext())) == list("ABCD")


if __name__ == "__main__":
    scenario()
