import dramatiq
from dramatiq.brokers.stub import StubBroker


def scenario():
    broker = StubBroker(middleware=[])
    done = []

    @dramatiq.actor(broker=broker)
    def note(number):
        done.append(number)

    worker = dramatiq.Worker(broker, worker_threads=2, worker_timeout=100)
    worker.start()
    note.send(1)
    note.send(2)
    broker.join(note.queue_name, timeout=60_000)
    worker.join()
    worker.stop()
    broker.close()
    assert sorted(done) == [1, 2]
