import threading

from fs.memoryfs import MemoryFS


def scenario():
    with MemoryFS() as memory:

        def write(n):
            memory.makedirs("a/b", recreate=True)
            memory.writetext(f"a/b/{n}", "text")

        threads = [threading.Thread(target=write, args=(n,)) for n in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(memory.listdir("a/b")) == ["1", "2"]
