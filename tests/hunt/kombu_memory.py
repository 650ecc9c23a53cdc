import threading

from kombu import Connection, Exchange, Queue
from kombu.pools import connections, producers, reset


def scenario():
    exchange = Exchange("mail", type="direct")
    queue = Queue("mail", exchange, routing_key="mail")
    connection = Connection("memory://")

    def send(number):
        with producers[connection].acquire(block=True) as producer:
            producer.publish(
                {"n": number},
                exchange=exchange,
                routing_key="mail",
                declare=[queue],
                serializer="json",
            )

    threads = [threading.Thread(target=send, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    got = []
    with connections[connection].acquire(block=True) as conn:
        simple = conn.SimpleQueue(queue)
        for _ in range(2):
            message = simple.get(timeout=1)
            got.append(message.payload["n"])
            message.ack()
        simple.close()
    reset()
    assert sorted(got) == [1, 2]
